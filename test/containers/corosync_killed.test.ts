import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { RunEvent } from '../../src/run/events.ts'
import type { RunResult } from '../support/bringup.ts'
import { chance } from '../support/chance.ts'
import { killController, withoutOrphans } from './controller_death.ts'
import { MEMBERS, RESOURCE, WHOLE, writtenLab } from './written_cluster.ts'
import type { WrittenLab, WrittenVars } from './written_cluster.ts'

/** At how many of the changes of each way it is killed: one, and all of them with TEST_ALL. KILL_SEED chooses the same again. */
const rounds = process.env['TEST_ALL'] === undefined ? 1 : Number.POSITIVE_INFINITY
const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e9))

let lab: Lab
let nodes: WrittenLab

beforeAll(async () => {
  lab = await raiseLab({ warm: ['cluster'] })
  nodes = writtenLab(lab)
})
afterAll(() => lab?.down())

const BEFORE: WrittenVars = { cluster_totem: { token: 2000 } }
/** As many rounds as are asked for. */
const LONG = { timeout: 3_600_000 }

const TOGETHER = ['-e', 'corosync_together=true']

const ok = async (vars: WrittenVars, args: readonly string[], story = ''): Promise<RunResult> => {
  const result = await nodes.run(vars, ...args)
  expect(result.exitCode, `${story}\n${result.output}`).toBe(0)
  return result
}

/** The beginnings of what a run changes, as they stand in its events. */
const changes = ({ events }: RunResult): string[] => {
  const changed = new Set(
    events.flatMap((event) =>
      event.type === 'task_end' && event.status === 'changed' ? [`${event.host} ${event.task}`] : [],
    ),
  )
  const begun = events.flatMap((event) => (beginning(event) === null ? [] : [beginning(event)!]))
  return begun.filter((one) => changed.has(one))
}
const beginning = (event: RunEvent): string | null =>
  event.type === 'task_start' ? `${event.host} ${event.task}` : null

/** As it was before a cluster was made of them, but for the packages. */
const BARE = `systemctl stop pacemaker corosync
rm -rf /etc/corosync/authkey /var/lib/pacemaker/cib/* /var/lib/corosync/*
rm -f /etc/corosync/corosync.conf`

const ways: [string, WrittenVars, string[], boolean][] = [
  [
    'a reload',
    { ...BEFORE, cluster_totem: { token: 2500 }, cluster_crypto: { cipher: 'aes128' } },
    [],
    false,
  ],
  ['a new key', BEFORE, ['-e', 'corosync_key=replace'], false],
  ['restarts in turn', { ...BEFORE, cluster_quorum: { wait_for_all: false } }, [], false],
  ['a stop of all', { ...BEFORE, cluster_transport: 'udpu' }, TOGETHER, false],
  ['the first run', BEFORE, [], true],
]

test.each(ways)('killed in %s, it is completed by the next run', LONG, async (_, after, args, isFirst) => {
  const reset = async (): Promise<void> => {
    if (isFirst) {
      await nodes.onAll(BARE)
      return
    }
    await ok(BEFORE, TOGETHER)
    await nodes.sh(
      'server1',
      `crm_resource --locate --resource dummy >/dev/null 2>&1 || { ${RESOURCE}
}`,
    )
  }
  await reset()
  const all = changes(await ok(after, args))
  expect(all.length).toBeGreaterThan(1)
  const random = chance(seed)
  const chosen = all
    .map((change) => ({ change, weight: random() }))
    .toSorted((one, other) => one.weight - other.weight)
    .slice(0, rounds)
  for (const { change } of chosen) {
    const story = `seed ${seed}, killed at: ${change}`
    await reset()
    const run = nodes.start(after, ...args)
    await run.seen((event) => beginning(event) === change)
    await killController(run)
    await withoutOrphans(lab)
    await ok(after, args, story)
    expect((await ok(after, [], story)).changed, story).toEqual([])
    expect(await nodes.onAll(MEMBERS), story).toEqual([WHOLE, WHOLE])
    const keys = await nodes.onAll('sha256sum </etc/corosync/authkey')
    expect(new Set(keys).size, story).toBe(1)
    if (!isFirst)
      expect(await nodes.sh('server1', 'crm_resource --locate --resource dummy'), story).toMatch(/server\d/)
  }
})
