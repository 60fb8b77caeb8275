import type { Node } from 'bringup'
import type { ClusterWanted } from '../../src/pacemaker/corosync/cluster_schema.ts'
import type { PcsClusterVars } from './vars.ts'

/** The cluster as the inventory has it. */
export function wantedCluster(
  nodes: readonly Pick<Node<PcsClusterVars>, 'name' | 'address' | 'vars'>[],
  vars: PcsClusterVars,
): ClusterWanted {
  return {
    cluster_name: vars.cluster_name,
    nodes: nodes.map((node) => ({
      name: node.name,
      addresses: node.vars.cluster_addresses ?? [node.address],
    })),
    transport: vars.cluster_transport,
    transport_options: vars.cluster_transport_options,
    links: vars.cluster_links,
    totem: vars.cluster_totem,
    quorum: vars.cluster_quorum,
    crypto: vars.cluster_crypto,
    compression: vars.cluster_compression,
  }
}
