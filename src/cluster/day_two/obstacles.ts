import { allFailCounts, failCountText } from '../planned/fail_counts.ts'
import type { PlannedAction } from '../../pacemaker/crm_simulate.ts'
import { lost, lostServices, obstaclesToLeaving, unled } from '../planned/may_leave.ts'
import type { Obstacle } from '../planned/may_leave.ts'
import { servicesOn } from '../planned/services.ts'
import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import type { Change, ClusterState, Moving } from './change.ts'

export interface Foreseen {
  readonly state: ClusterState
  /** What Pacemaker would do because of the change (crm_simulate). */
  readonly actions: readonly PlannedAction[]
  /** What is not in step of DRBD, by node, in words. */
  readonly unsynced: readonly (readonly [node: string, text: string])[]
  readonly moving: Moving | undefined
}

/** Pure: what stands against a change; empty where nothing does. */
export function obstaclesTo(change: Change, { state, actions, unsynced, moving }: Foreseen): Obstacle[] {
  const { status, quorum } = state
  const texts = unsynced.map(([node, text]) => `${node}: ${text}`)
  const isOnline = (name: string): boolean => status.nodes.some((one) => one.name === name && one.online)
  // The attribute of one that is offline is set for its return.
  if (change.kind === 'standby' && isOnline(change.node)) {
    const { node } = change
    return unique([
      ...obstaclesToLeaving({ node, status, actions, unsynced: texts, quorum }),
      ...stopping(status, actions),
    ])
  }
  const inDoubt =
    change.kind === 'unstandby'
      ? unsynced.flatMap(([node, text]) => (node === change.node ? [`${node}: ${text}`] : []))
      : actions.some(({ kind }) => kind === 'promote')
        ? texts
        : []
  return unique([
    ...unled(status),
    ...inDoubt.map((text): Obstacle => ({ text, risk: 'old data' })),
    ...stopping(status, actions),
    ...(moving === undefined ? [] : staying(moving, actions, state)),
  ])
}

/** What runs anywhere, and would not any more. */
function stopping(status: ClusterStatus, actions: readonly PlannedAction[]): Obstacle[] {
  return status.nodes.flatMap(({ name }) => lost(servicesOn(status, name), concerning(name, actions)))
}

/** Pure: ids of what runs, and would not any more. */
export function stoppingServices(status: ClusterStatus, actions: readonly PlannedAction[]): string[] {
  return status.nodes.flatMap(({ name }) => lostServices(servicesOn(status, name), concerning(name, actions)))
}

/** Of a clone, instances stop on some nodes and stay on others. */
const concerning = (node: string, actions: readonly PlannedAction[]): PlannedAction[] =>
  actions.filter((action) => !('node' in action) || action.kind === 'promote' || action.node === node)

/** Something stronger than the wish holds a resource where it is: a constraint, failures, agents that are not there. */
function staying(
  { resource, members, from, to }: Moving,
  actions: readonly PlannedAction[],
  state: ClusterState,
): Obstacle[] {
  const isAway = (node: string): boolean => (to === undefined ? !from.includes(node) : node === to)
  const arrives = actions.some((action) => {
    if (!('resource' in action) || !members.has(action.resource)) return false
    if ('to' in action) return isAway(action.to)
    return (action.kind === 'start' || action.kind === 'promote') && isAway(action.node)
  })
  if (arrives) return []
  const isOfIt = (id: string): boolean => id === resource || members.has(id)
  const reasons = [
    ...state.status.bans
      .filter((ban) => isOfIt(ban.resource) && isAway(ban.node))
      .map(({ id, resource: held, node }) => `${id} keeps ${held} off ${node}`),
    ...allFailCounts(state.cib)
      .filter((one) => isOfIt(one.resource) && isAway(one.node))
      .map((one) => `failures are counted there, ${failCountText(one)}`),
  ]
  const why = reasons.length === 0 ? 'a constraint or what it depends on is in the way' : reasons.join('; ')
  const wish = to === undefined ? 'to another node' : `to ${to}`
  return [{ text: `the cluster would not bring ${resource} ${wish}: ${why}`, risk: null }]
}

const unique = (obstacles: readonly Obstacle[]): Obstacle[] => [
  ...new Map(obstacles.map((one) => [one.text, one])).values(),
]
