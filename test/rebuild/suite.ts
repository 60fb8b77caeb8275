import { afterAll, beforeAll, expect, test } from 'vitest'
import { killController } from '../containers/controller_death.ts'
import type { RunResult, StartedRun } from '../support/bringup.ts'
import { startLedgerClient } from '../support/ledger.ts'
import type { LedgerClient } from '../support/ledger.ts'
import type { Machines } from './machines.ts'
import { refusalsOfNewDisk, refusalsOfReinstalled, refusalsWithoutData } from './refusals.ts'
import { World } from './world.ts'

const ADDRESS = '192.168.111.100'
const REBUILD = 'playbooks/rebuild-node.yml'

/** The ways in which a node is lost. Another machine is server3. */
export const allWays = ['reinstalled', 'new disk', 'out of the cluster', 'another machine'] as const

/** What becomes of a pair that serves a client while one node after the other fails, in these ways, and is rebuilt. */
export function rebuildSuite(
  ways: readonly (typeof allWays)[number][],
  raise: () => Promise<Machines>,
): void {
  let world: World
  let client: LedgerClient
  beforeAll(async () => void (world = new World(await raise())))
  afterAll(() => world?.lab[Symbol.asyncDispose]())

  const daemons = (name: string): Promise<string> =>
    world.on(name, 'systemctl show -p MainPID corosync pacemaker | sort')

  /**
   * A client is served all the while, by a cluster that is whole in the end, and has nothing to do any more.
   * @param disturb what becomes of the run meanwhile; the result is that of the run that brings it to its end
   */
  async function rebuilt(
    name: string,
    more: readonly string[] = [],
    disturb: (run: StartedRun) => Promise<RunResult> = (run) => run.ended,
  ): Promise<void> {
    const survivor = world.other(name)
    const before = await daemons(survivor)
    await client.since()
    const run = await disturb(world.begin(REBUILD, '--limit', name, ...more))
    expect(run.exitCode, run.output).toBe(0)
    console.log(phases(run))
    expect((await client.since()).filter(({ failed }) => failed !== undefined)).toEqual([])
    expect(await daemons(survivor)).toBe(before)
    expect(await world.serving()).toBe(survivor)
    for (const member of world.members)
      expect(await world.on(member, 'drbdadm dstate r0')).toBe('UpToDate/UpToDate')
    const again = await world.play(REBUILD, '--limit', name)
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
  }
  const ledger = async (...more: readonly string[]): Promise<void> => {
    const { exitCode, output } = await world.play('test/ledger/ledger.yml', ...more)
    expect(exitCode, output).toBe(0)
  }
  const copying = (run: StartedRun) =>
    run.seen(
      (event) => event.type === 'task_start' && event.task.startsWith('r0 connected, and nothing goes'),
    )

  const onlyFor = (way: (typeof allWays)[number], name: string, work: () => Promise<void>): void => {
    if (ways.includes(way)) test(name, work)
  }

  test('a pair serves a client', async () => {
    const { exitCode, output } = await world.play('playbooks/drbd-cluster.yml')
    expect(exitCode, output).toBe(0)
    await ledger()
    await world.on(await world.serving(), 'mkdir /srv/ledger && sync /srv')
    client = startLedgerClient(world.lab.within, ADDRESS)
    expect((await client.since()).at(-1)).not.toHaveProperty('failed')
  })

  onlyFor('reinstalled', 'the node that served is destroyed, and reinstalled', async () => {
    const lost = await world.serving()
    await world.lab.reinstall(lost)
    await ledger()
    await client.since()
    await refusalsOfReinstalled(world, lost)
    await rebuilt(lost, ['-e', `dead_node=${lost}`], async (run) => {
      await copying(run)
      // Somebody else is at it, too.
      for (const playbook of [REBUILD, 'playbooks/drbd-cluster.yml']) {
        const second = await world.play(playbook, '--limit', lost, '--wait', '1')
        expect(second.exitCode, second.output).toBe(6)
        expect(second.changed).toEqual([])
      }
      return run.ended
    })
  })

  onlyFor('new disk', 'the node that served gets a new disk', async () => {
    const lost = await world.serving()
    await world.lab.powerOff(lost)
    await world.lab.replaceDisk(lost)
    await world.lab.powerOn(lost)
    await client.since()
    await refusalsOfNewDisk(world, lost)
    await rebuilt(lost, [], async (run) => {
      await copying(run)
      await killController(run)
      return world.play(REBUILD, '--limit', lost)
    })
  })

  onlyFor(
    'out of the cluster',
    'the node that served loses its place in the cluster, and nothing else',
    async () => {
      const lost = await world.serving()
      await world.lab.powerOff(lost)
      await world.lab.powerOn(lost)
      await client.since()
      await world.on(
        lost,
        'systemctl stop pacemaker corosync pcsd; rm -rf /etc/corosync/* /var/lib/pacemaker/cib/* /var/lib/corosync/* /var/lib/pcsd/*',
      )
      await rebuilt(lost, ['-e', `dead_node=${lost}`])
    },
  )

  onlyFor('another machine', 'another machine takes the place of the one that served', async () => {
    await world.lab.reinstall('server3')
    const lost = await world.serving()
    await world.lab.powerOff(lost)
    await client.since()
    const survivor = world.other(lost)
    // Whose node_id is to stay: the order says it.
    world.members = world.members.map((name) => (name === lost ? 'server3' : name))
    expect(world.other('server3')).toBe(survivor)
    await ledger('--limit', 'server3')
    await rebuilt('server3', ['-e', `dead_node=${lost}`])
  })

  test('nothing that was acknowledged is lost', async () => {
    expect(await client.lost()).toEqual([])
  })

  onlyFor('new disk', 'where nobody has the data any more, nothing is rebuilt', () =>
    refusalsWithoutData(world),
  )
}

/** How long each role of a run took, in seconds. */
function phases({ events }: RunResult): string {
  const roles = events.flatMap((event) =>
    event.type === 'role_end' ? [`${event.role} ${(event.milliseconds / 1000).toFixed(1)}`] : [],
  )
  const end = events.find((event) => event.type === 'run_end')
  return `rebuilt in ${((end?.milliseconds ?? 0) / 1000).toFixed(1)} s: ${roles.join(', ')}`
}
