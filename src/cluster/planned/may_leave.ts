import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import { actionText } from '../../pacemaker/crm_simulate.ts'
import type { PlannedAction } from '../../pacemaker/crm_simulate.ts'
import type { QuorumStatus } from '../../pacemaker/corosync/status.ts'
import { activeOn, servicesOn } from './services.ts'

/** A node that is to run nothing for a while, as others see it. */
export interface Leaving {
  readonly node: string
  readonly status: ClusterStatus
  /** What Pacemaker would do if it were in standby (crm_simulate). */
  readonly actions: readonly PlannedAction[]
  /** What is not in step of DRBD, in words, on any node. */
  readonly unsynced: readonly string[]
  /** As another node has it. */
  readonly quorum: QuorumStatus
}

/** Something in the way of a change, in words. */
export interface Obstacle {
  readonly text: string
  /** What it would cost to go on all the same; null where there is no going on. */
  readonly risk: 'outage' | 'old data' | null
}

/** What keeps a node from handing over what it runs, in words; empty where nothing does, or where it runs nothing. */
export const forbidsLeaving = (leaving: Leaving): string[] =>
  obstaclesToLeaving(leaving).map(({ text }) => text)

/** As {@link forbidsLeaving}, with what each would cost. */
export function obstaclesToLeaving({ node, status, actions, unsynced, quorum }: Leaving): Obstacle[] {
  const own = activeOn(status, node)
  const self = status.nodes.find(({ name }) => name === node)
  if (self === undefined || !self.online) return [final(`${node} is not online`)]
  if (self.standby && own.length === 0) return []
  const heirs = status.nodes.filter(
    (one) =>
      one.name !== node && one.online && !one.standby && !one.maintenance && !one.pending && !one.unclean,
  )
  const services = servicesOn(status, node)
  const unmanaged = own.filter(({ managed }) => !managed)
  return [
    ...unled(status),
    ...(status.maintenance || self.maintenance
      ? [final('the cluster is in maintenance, and moves nothing')]
      : []),
    ...unmanaged.map(({ id }) => final(`${id} is not managed by the cluster, and would stay`)),
    ...(heirs.length === 0 ? [outage('no other node is online that could take over')] : []),
    ...losesQuorum(self.id, quorum),
    ...unsynced.map((text) => ({ text, risk: 'old data' }) as const),
    ...lost(services, actions),
  ]
}

const final = (text: string): Obstacle => ({ text, risk: null })
const outage = (text: string): Obstacle => ({ text, risk: 'outage' })

/** A cluster that takes no decisions. */
export const unled = (status: ClusterStatus): Obstacle[] => [
  ...(status.dc === undefined ? [final('the cluster has no DC')] : []),
  ...(status.quorate ? [] : [final('the cluster has no quorum')]),
]

/** Work on a node stops its cluster sooner or later; what is left of the votes has to do without it. */
function losesQuorum(id: string, { members, quorum, totalVotes }: QuorumStatus): Obstacle[] {
  const own = members.find((member) => String(member.id) === id)?.votes ?? 0
  // Where corosync does not tell, what Pacemaker says of the quorum has to do.
  return Number.isNaN(quorum) || totalVotes - own >= quorum
    ? []
    : [
        outage(
          `without it the others have ${totalVotes - own} votes, and a quorum takes ${quorum}: bring back who is missing first`,
        ),
      ]
}

/** Services that would be stopped and not run elsewhere, and nodes that would be fenced because of it. */
export function lost(services: readonly string[], actions: readonly PlannedAction[]): Obstacle[] {
  const gone = new Set(lostServices(services, actions))
  return actions.flatMap((action) => {
    if (action.kind === 'fence') return [final(`the cluster ${actionText(action)}`)]
    if (action.kind !== 'stop' && action.kind !== 'demote') return []
    const { resource } = action
    return gone.has(resource) ? [outage(`${resource} would run nowhere: ${actionText(action)}`)] : []
  })
}

/** Those of the services that would be stopped, or demoted, and not run elsewhere. */
export function lostServices(services: readonly string[], actions: readonly PlannedAction[]): string[] {
  return services.filter((service) => {
    const own = actions.filter((action) => 'resource' in action && action.resource === service)
    const isTaken = own.some(({ kind }) => kind === 'promote')
    return !isTaken && own.some(({ kind }) => kind === 'stop' || kind === 'demote')
  })
}
