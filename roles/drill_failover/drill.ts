import { BringupError } from 'bringup'
import type { Node, Nodes, RoleContext } from 'bringup'
import { placeOf } from '../drill_standby/moves.ts'
import { endWatch, startWatch } from '../drill_standby/watch.ts'
import { comeBack, lifeOf } from './come_back.ts'
import { called, disturb, onObserver } from './disturb.ts'
import { notWell, startedOn, statusOf } from './health.ts'
import { lostRecords, startWriter } from './records.ts'
import type { Writer } from './records.ts'
import { measured, report } from './report.ts'
import { clear, DISTRUST, intact, prepare, readRecords, writeFile } from './trial.ts'
import type { Trial } from './trial.ts'
import type { DrillVars, Step } from './vars.ts'

type Member = Node<DrillVars>
type Cluster = Nodes<DrillVars>

/** What a drill looks at. */
export interface Drilled {
  /** The virtual IP that the observer pings. */
  readonly address: string
  /** The resources that move together. */
  readonly ids: readonly [string, ...string[]]
  readonly trial: Trial
  /**
   * Once the cluster is known to be well: sees that it can begin, and makes what has to be there, outside of check mode.
   * @returns the node that is active
   */
  begin(cluster: Cluster): Promise<Member>
}

interface Scene extends Drilled {
  readonly cluster: Cluster
  readonly observer: Member
  readonly writer: Writer
  readonly atEnd: RoleContext<DrillVars>['atEnd']
}

/** Strikes the active node in each of `drill_steps`, and proves each time that nothing is lost. */
export async function drill(context: RoleContext<DrillVars>, drilled: Drilled): Promise<void> {
  const { nodes, check, atEnd, warn } = context
  const { ids, trial } = drilled
  const cluster = nodes.in('cluster')
  const observer = nodes.in('observers').first
  await cluster.first.require(
    'a cluster that is well, and in sync',
    async () => {
      if (cluster.size < 2) return 'there is only one node'
      const ills = await notWell(cluster.first, cluster, ids)
      return ills.length === 0 || ills.join('; ')
    },
    'Bring it into order first, and wait for a sync to end: bringup status tells how far it is. Then run again.',
  )
  const place = await drilled.begin(cluster)
  if (check) return

  await prepare(place, trial)
  const writer = startWriter(cluster, trial)
  atEnd(async ({ nodes: all }) => {
    await writer.end()
    await all.in('cluster').each((node) => clear(node, trial))
  })
  for (const step of cluster.first.vars.drill_steps)
    await strike(step, { ...drilled, cluster, observer, writer, atEnd })
  await writer.end()
  if (cluster.size === 2 && !(await statusOf(cluster.first)).fencingEnabled) warn(WITHOUT_FENCING)
}

async function strike(step: Step, scene: Scene): Promise<void> {
  const { cluster, observer, writer, trial, address, ids, atEnd } = scene
  const active = await activeNode(cluster, cluster.first, ids)
  const via = cluster.where((node) => node !== active).first
  const { drill_timeout: timeout, drill_power_on: powerOn } = active.vars
  const life = await lifeOf(active)
  const name = `before-${step}`
  const sum = await writeFile(active, trial, name)
  const watch = await startWatch(observer, address)
  atEnd(({ nodes }) => endWatch(nodes.named(observer.name).first, watch))
  // A node is never left on standby, or off, whatever goes wrong in between.
  let restored = false
  const restore = async (by: Cluster): Promise<void> => {
    if (restored) return
    restored = true
    if (step === 'standby')
      await by.named(via.name).first.$`crm_attribute --node ${active.name} --name standby --delete`
    if (step === 'power' && powerOn !== undefined)
      await onObserver(by.named(observer.name).first, powerOn, active.name)
  }
  atEnd(({ nodes }) => restore(nodes))

  const from = performance.now()
  await disturb(step, active, observer)
  const taken = writer.acknowledged.length
  await via.wait_for({
    condition: async () => {
      // Whole, and not just on its way: an address that is being set up does not answer yet.
      const places = startedOn(await statusOf(via), ids)
      const [heir] = places
      const here = heir !== undefined && heir !== active.name && places.every((one) => one === heir)
      const written = writer.acknowledged.slice(taken).some(({ record }) => record.startsWith(`${heir}-`))
      if (here && written) return true
      return `${ids.map((id, index) => `${id} ${places[index] === undefined ? 'not started' : `on ${places[index]}`}`).join(', ')}`
    },
    description: `${ids.join(' and ')} on another node than ${active.name}, and written to`,
    interval: 0.5,
    timeout,
  })
  const seconds = await measured({ observer, watch, writer, from })
  await endWatch(observer, watch)
  const heir = await activeNode(cluster, via, ids)
  await intact(heir, trial, { name, sum, after: called[step] })
  await restore(cluster)
  if (step !== 'standby') await comeBack(active, life, timeout)
  await via.wait_for({
    condition: async () => {
      const ills = await notWell(via, cluster, ids)
      return ills.length === 0 || ills.join('; ')
    },
    description: 'the cluster well again, and in sync',
    interval: 2,
    timeout,
  })
  const now = await activeNode(cluster, via, ids)
  await noneLost(now, trial, writer, step)
  report(observer, {
    what: called[step],
    trial: trial.what,
    active: active.name,
    heir: heir.name,
    seconds,
    count: writer.acknowledged.length,
  })
}

/** @throws BringupError NOT_MET where they are not all on one node */
export async function activeNode(cluster: Cluster, via: Member, ids: Drilled['ids']): Promise<Member> {
  const places = await Promise.all(ids.map((id) => placeOf(via, id)))
  const [name] = places
  if (typeof name === 'string' && places.every((place) => place === name)) return cluster.named(name).first
  throw new BringupError('NOT_MET', `${ids.join(' and ')} are not on one node`, {
    seen: ids.map((id, index) => `${id} on ${places[index] ?? 'no node'}`).join(', '),
    remedy: 'Put them into one group of cluster_resources.',
  })
}

async function noneLost(node: Member, trial: Trial, writer: Writer, step: Step): Promise<void> {
  // Those that come in meanwhile may be in the file or not.
  const acknowledged = [...writer.acknowledged]
  const lost = lostRecords(acknowledged, await readRecords(node, trial))
  if (lost.length === 0) return
  throw new BringupError(
    'TASK_FAILED',
    `${lost.length} of ${acknowledged.length} acknowledged records are lost after the ${called[step]}`,
    { seen: lost.slice(0, 5).join(', '), remedy: DISTRUST },
  )
}

const WITHOUT_FENCING =
  'Two nodes without fencing: each took over because it could not reach the other, and here that one was really gone.\n' +
  'Had only the network between them failed, both would have gone on writing (split brain). What prevents it: a fence device (stonith-enabled=true, DRBD fencing resource-and-stonith), or a third node for DRBD quorum.'
