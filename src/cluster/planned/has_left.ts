import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import { activeOn } from './services.ts'

/**
 * What is left to happen until a node that is in standby runs nothing, and what it ran runs elsewhere, in words.
 * @param services ids of what has to run elsewhere
 */
export function notLeft(status: ClusterStatus, node: string, services: readonly string[]): string[] {
  if (status.dc === undefined) return ['the cluster has no DC']
  const still = activeOn(status, node).map(({ id }) => `${id} still runs on ${node}`)
  const idle = services.filter(
    (id) =>
      !status.resources.some(
        (one) =>
          one.id === id &&
          (one.role === 'Started' || one.role === 'Promoted') &&
          one.pending === undefined &&
          !one.failed &&
          one.nodes.some((name) => name !== node),
      ),
  )
  const blocked = status.resources.filter((one) => one.blocked)
  return [
    ...new Set([
      ...still,
      ...idle.map((id) => `${id} does not run elsewhere yet`),
      ...blocked.map(({ id }) => `${id} is blocked: the cluster cannot recover it`),
    ]),
  ]
}
