import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { PATCH_SCRIPT, patchInput, patchOutcome } from '../../src/pacemaker/cib/patch.ts'
import type { PatchOutcome } from '../../src/pacemaker/cib/patch.ts'
import { bringupRun } from '../support/bringup.ts'
import { releasesFor } from '../support/releases.ts'

const INVENTORY = new URL('declared_cluster.yml', import.meta.url).pathname

const releases = releasesFor('a declared cluster', 'bookworm', 'bullseye', 'trixie')

describe.each(releases)('a declared cluster on %s', (release) => {
  let lab: Lab

  beforeAll(async () => {
    lab = await raiseLab({ nodes: 1, release, warm: ['cluster'] })
  })
  afterAll(() => lab?.down())

  const run = (...more: string[]) =>
    bringupRun(['playbooks/vip-cluster.yml', '-i', lab.inventory, '-i', INVENTORY, ...more], {
      env: { HACLUSTER_PASSWORD: 'correct-horse-battery' },
    })
  const sh = async (script: string) => {
    const { exitCode, stdout, stderr } = await lab.exec('server1', script)
    return { exitCode, stdout, text: stdout + stderr }
  }
  const cib = async () => (await sh('cibadmin --query')).stdout

  test('all that can be declared runs', async () => {
    const first = await run()
    expect(first.exitCode, first.output).toBe(0)
    expect((await sh('crm_verify -LV')).exitCode).toBe(0)
    expect((await sh('crm_resource --locate --resource site')).text).toContain('running on: server1')
    expect((await sh('crm_mon -1')).text).toMatch(/(Masters|Promoted): \[ server1 \]/)
  })

  test('a second run finds it as it is', async () => {
    const before = await cib()
    const second = await run()
    expect(second.exitCode, second.output).toBe(0)
    expect(second.changed).toEqual([])
    expect(/ epoch="\d+"/.exec(await cib())).toEqual(/ epoch="\d+"/.exec(before))
  })

  test('what an operator does by hand beside it stays', async () => {
    const byHand = await sh(
      `pcs resource create theirs ocf:pacemaker:Dummy && pcs resource ban theirs server1`,
    )
    expect(byHand.exitCode, byHand.text).toBe(0)
    const again = await run()
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
    expect(await cib()).toContain('id="cli-ban-theirs-on-server1"')
  })

  const ADDED = '<primitive id="added" class="ocf" provider="pacemaker" type="Dummy"\\/>'
  const ADD = `s/<resources>/<resources>${ADDED}/; s/ epoch="[0-9]+"/ epoch="100000"/`

  /** What becomes of a patch from `live` to `next`, both sed scripts on the CIB, when `before` happens just before it. */
  const patch = async (next: string, { live = '', before = ':' } = {}): Promise<PatchOutcome> => {
    const made = await sh(`cd "$(mktemp -d)" && pwd && cibadmin --query | sed -E '${live}' > live.xml &&
      sed -E '${next}' live.xml > new.xml && { ${before}; } >&2`)
    expect(made.exitCode, made.text).toBe(0)
    const xml = async (name: string): Promise<string> =>
      (await sh(`cat ${made.stdout.trim()}/${name}.xml`)).stdout
    const input = patchInput(await xml('live'), await xml('new'))
    const done = await lab.exec('server1', ['sh', '-c', PATCH_SCRIPT], { input })
    return patchOutcome(done.exitCode, done.stderr)
  }

  test('a patch is taken by exactly the CIB that it was made from', async () => {
    const oneMore = `attrd_updater -n moved -U "$(date +%s)"
      for i in $(seq 100); do cibadmin --query | cmp -s - live.xml || break; sleep 0.1; done`
    expect(await patch(ADD, { before: oneMore })).toEqual({ kind: 'moved on' })

    // A live CIB that lost updates.
    const newer = 's/ epoch="[0-9]+"/ epoch="90000"/'
    expect(await patch(ADD, { live: newer })).toEqual({ kind: 'moved on' })

    expect(
      await patch('s/<resources>/<resources><bogus id="x"\\/>/; s/ epoch="[0-9]+"/ epoch="100000"/'),
    ).toMatchObject({
      kind: 'invalid',
      text: expect.stringContaining('bogus'),
    })
    expect(await cib()).not.toMatch(/added|bogus/)
    expect(await patch(ADD)).toEqual({ kind: 'sent' })
    expect(await cib()).toContain('id="added"')
  })

  test('what is declared again differs from what runs by what the operator changed, and by that alone', async () => {
    const byHand = await sh('pcs resource update vip cidr_netmask=25 && pcs resource update web fake=hand')
    expect(byHand.exitCode, byHand.text).toBe(0)
    const back = await run()
    expect(back.exitCode, back.output).toBe(0)
    const changes = back.events.flatMap((event) => (event.type === 'task_end' ? event.changes : []))
    expect(changes.map(({ summary }) => summary)).toEqual(['vip: cidr_netmask 25 → 24'])
    expect((await sh('pcs resource config web || pcs resource show web')).stdout).toContain('fake=hand')
  })
})
