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

/** What keeps a node from handing over what it runs, in words; empty where nothing does, or where it runs nothing. */
export function forbidsLeaving({ node, status, actions, unsynced, quorum }: Leaving): string[] {
  const own = activeOn(status, node)
  const self = status.nodes.find(({ name }) => name === node)
  if (self === undefined || !self.online) return [`${node} is not online`]
  if (self.standby && own.length === 0) return []
  const heirs = status.nodes.filter(
    (one) =>
      one.name !== node && one.online && !one.standby && !one.maintenance && !one.pending && !one.unclean,
  )
  const services = servicesOn(status, node)
  const unmanaged = own.filter(({ managed }) => !managed)
  return [
    ...(status.dc === undefined ? ['the cluster has no DC'] : []),
    ...(status.quorate ? [] : ['the cluster has no quorum']),
    ...(status.maintenance || self.maintenance ? ['the cluster is in maintenance, and moves nothing'] : []),
    ...unmanaged.map(({ id }) => `${id} is not managed by the cluster, and would stay`),
    ...(heirs.length === 0 ? ['no other node is online that could take over'] : []),
    ...losesQuorum(self.id, quorum),
    ...unsynced,
    ...lost(services, actions),
  ]
}

/** Work on a node stops its cluster sooner or later; what is left of the votes has to do without it. */
function losesQuorum(id: string, { members, quorum, totalVotes }: QuorumStatus): string[] {
  const own = members.find((member) => String(member.id) === id)?.votes ?? 0
  // Where corosync does not tell, what Pacemaker says of the quorum has to do.
  return Number.isNaN(quorum) || totalVotes - own >= quorum
    ? []
    : [
        `without it the others have ${totalVotes - own} votes, and a quorum takes ${quorum}: bring back who is missing first`,
      ]
}

/** Services that would be stopped and not run elsewhere, and nodes that would be fenced because of it. */
function lost(services: readonly string[], actions: readonly PlannedAction[]): string[] {
  return actions.flatMap((action) => {
    if (action.kind === 'fence') return [`the cluster ${actionText(action)}`]
    if (action.kind !== 'stop' && action.kind !== 'demote') return []
    const { resource } = action
    const isTaken = actions.some((one) => one.kind === 'promote' && one.resource === resource)
    return services.includes(resource) && !isTaken
      ? [`${resource} would run nowhere: ${actionText(action)}`]
      : []
  })
}
