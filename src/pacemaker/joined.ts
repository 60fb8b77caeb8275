import type { ClusterStatus } from './crm_mon.ts'

/**
 * Pure: whether a node takes part in its cluster, by its own account. One whose Pacemaker has just started has no DC; then
 * it has the cluster's configuration, in which it is offline itself.
 * @returns true, or in words what is missing
 */
export function joined({ dc, nodes }: Pick<ClusterStatus, 'dc' | 'nodes'>, name: string): true | string {
  if (dc === undefined) return 'its cluster has no DC'
  const own = nodes.find((node) => node.name === name)
  // One that joins under another name than that of its host is not this one.
  if (own === undefined || (own.online && !own.pending)) return true
  return `its cluster has ${name} ${own.pending ? 'pending' : 'offline'}`
}
