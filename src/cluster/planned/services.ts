import type { ClusterStatus, ResourceStatus } from '../../pacemaker/crm_mon.ts'

/** What a node runs, of all kinds. */
export function activeOn(status: ClusterStatus, node: string): ResourceStatus[] {
  return status.resources.filter((one) => one.active && one.nodes.includes(node))
}

/**
 * Ids of what a node runs and another would have to take over. Not what runs on every node of its own accord, nor fence
 * devices, which work from anywhere.
 */
export function servicesOn(status: ClusterStatus, node: string): string[] {
  const services = activeOn(status, node).filter(
    (one) => !one.agent.startsWith('stonith:') && (one.clone === undefined || one.role === 'Promoted'),
  )
  return [...new Set(services.map(({ id }) => id))]
}
