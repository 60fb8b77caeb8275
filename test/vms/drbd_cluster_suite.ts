import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { bringupRun } from '../support/bringup.ts'
import { placeSource } from '../support/drbd_source.ts'
import type { Source } from '../support/drbd_source.ts'
import { taskEnds } from '../support/engine_project.ts'

export interface Suite {
  readonly source: () => Promise<Source>
  /** The inventory of the site, which is read after the lab's own. */
  readonly inventory: string
  /** Packages that the builder needs, lying in its apt cache. */
  readonly build: readonly string[]
  /** What the cluster goes through. */
  readonly trials: readonly ('drill' | 'both off' | 'rebuild' | 'split brain')[]
}

const NODES = ['server1', 'server2']

/** `playbooks/drbd-cluster.yml` from bare machines, on virtual machines, with a module built of a tarball. */
export function drbdClusterSuite({ source, inventory, build, trials }: Suite): void {
  let lab: Lab
  let made: Source
  let sources: string
  beforeAll(async () => {
    made = await source()
    lab = await raiseLab({
      kind: 'vms',
      nodes: 2,
      client: true,
      builder: { warm: build },
      installed: ['cluster', 'drbd-utils'],
    })
    sources = placeSource(lab, made)
  })
  afterAll(() => lab?.down())

  const play = (playbook: string, ...args: readonly string[]) => {
    const inventories = [lab.inventory, inventory, sources]
    return bringupRun([playbook, ...inventories.flatMap((path) => ['-i', path]), ...args], {
      env: { HACLUSTER_PASSWORD: 'correct-horse-battery' },
    })
  }
  const say = async (node: string, command: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await lab.exec(node, command)
    expect(exitCode, `${node}: ${command}: ${stderr}`).toBe(0)
    return stdout.trim()
  }
  const mounted = (node: string): Promise<string> => say(node, 'findmnt -rno SOURCE,TARGET /srv || :')
  const active = async (): Promise<string[]> => {
    const found = await Promise.all(NODES.map(async (node) => [node, await mounted(node)] as const))
    return found.filter(([, mount]) => mount === '/dev/drbd0 /srv').map(([node]) => node)
  }

  const onlyFor = (trial: Suite['trials'][number], name: string, work: () => Promise<void>): void => {
    if (trials.includes(trial)) test(name, work)
  }

  test('bare machines become a cluster with a replicated disk, built for once', async () => {
    const { exitCode, events, output } = await play('playbooks/drbd-cluster.yml')
    expect(exitCode, output).toBe(0)
    const builds = taskEnds(events).filter((end) => / build DRBD /.test(end))
    expect(builds).toEqual([expect.stringMatching(/^builder build DRBD .* changed$/)])
    for (const node of NODES) {
      expect(await say(node, 'head -n 1 /proc/drbd')).toContain(`version: ${made.version} `)
      expect(await say(node, 'cat /sys/module/drbd/srcversion')).toBe(
        await say(node, 'modinfo -F srcversion /lib/modules/$(uname -r)/updates/drbd/drbd.ko'),
      )
      expect(await say(node, 'command -v gcc make || echo none')).toBe('none')
    }
    expect(await active()).toHaveLength(1)
  })

  test('the next run changes nothing', async () => {
    const { exitCode, changed, output } = await play('playbooks/drbd-cluster.yml')
    expect(exitCode, output).toBe(0)
    expect(changed).toEqual([])
  })

  onlyFor('drill', 'whichever way the active node fails, nothing is lost', async () => {
    const { exitCode, output } = await play('playbooks/drill-failover.yml')
    expect(exitCode, output).toBe(0)
  })

  onlyFor('both off', 'after both were off, the data are where they were, on one node', async () => {
    const [before = ''] = await active()
    await say(before, 'echo kept > /srv/kept && sync /srv/kept')
    for (const node of NODES) await lab.powerOff(node)
    for (const node of NODES) await lab.powerOn(node)
    await expect.poll(() => active().catch(() => []), { timeout: 600_000, interval: 5000 }).toHaveLength(1)
    const [now = ''] = await active()
    expect(await say(now, 'cat /srv/kept')).toBe('kept')
  })

  const states = (): Promise<string[]> =>
    Promise.all(NODES.map((node) => say(node, 'drbdadm cstate r0; drbdadm dstate r0')))
  const WELL = NODES.map(() => 'Connected\nUpToDate/UpToDate')

  onlyFor('rebuild', 'the active node is reinstalled, and gets its data back', async () => {
    const [lost = ''] = await active()
    const [left = ''] = NODES.filter((node) => node !== lost)
    await say(lost, 'echo before > /srv/before && sync /srv/before')
    await lab.reinstall(lost)
    await expect.poll(() => mounted(left), { timeout: 600_000, interval: 1000 }).not.toBe('')
    const rebuild = (...more: readonly string[]) =>
      play('playbooks/rebuild-node.yml', '--limit', `${lost},builder`, '-e', `dead_node=${lost}`, ...more)
    const check = await rebuild('--check')
    expect(check.exitCode, check.output).toBe(0)
    const rebuilt = await rebuild()
    expect(rebuilt.exitCode, rebuilt.output).toBe(0)
    expect(await states()).toEqual(WELL)
    expect(await active()).toEqual([left])
    expect(await say(left, 'cat /srv/before')).toBe('before')
    const again = await rebuild()
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
  })

  onlyFor('split brain', 'both wrote without the other: it is healed as it serves', async () => {
    await say('server1', 'pcs cluster stop --all')
    for (const node of NODES) {
      await say(node, 'drbdadm adjust r0 && drbdadm disconnect r0')
      await say(node, `mount /dev/drbd0 /mnt && echo ${node} >/mnt/only-${node} && umount /mnt`)
    }
    for (const node of NODES) await say(node, 'drbdadm connect r0')
    await expect
      .poll(() => states(), { timeout: 60_000, interval: 500 })
      .toEqual(expect.arrayContaining([expect.stringMatching(/^StandAlone/)]))
    await say('server1', 'pcs cluster start --all')
    await expect.poll(() => active(), { timeout: 600_000, interval: 1000 }).toHaveLength(1)

    const [serving = ''] = await active()
    const [victim = ''] = NODES.filter((node) => node !== serving)
    const heal = (...more: readonly string[]) => play('playbooks/heal-split-brain.yml', ...more)
    expect((await heal()).exitCode).toBe(2)
    expect((await heal('-e', `victim=${serving}`)).exitCode).toBe(2)
    const healed = await heal('-e', `victim=${victim}`)
    expect(healed.exitCode, healed.output).toBe(0)
    expect(await states()).toEqual(WELL)
    expect(await active()).toEqual([serving])
    expect(await say(serving, 'cat /srv/only-*')).toBe(serving)
    const again = await heal()
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
  })

  test('and still there is nothing to change', async () => {
    const { exitCode, changed, output } = await play('playbooks/drbd-cluster.yml')
    expect(exitCode, output).toBe(0)
    expect(changed).toEqual([])
  })
}
