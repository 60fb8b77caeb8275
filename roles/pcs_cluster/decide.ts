import { isPlaceholder } from '../../src/pacemaker/corosync/cluster.ts'
import type { CorosyncCluster } from '../../src/pacemaker/corosync/cluster.ts'
import type { ClusterWanted } from '../../src/pacemaker/corosync/cluster_schema.ts'
import { compareCluster } from '../../src/pacemaker/corosync/compare.ts'

/** What a node's corosync.conf says; null where it has none. */
export interface Found {
  readonly node: string
  readonly cluster: CorosyncCluster | null
}

export type Decision =
  /** No node is in a cluster. `clear`: nodes that have the file of their distribution's package, which is nobody's. */
  | { readonly do: 'set up'; readonly clear: readonly string[] }
  /** The cluster is there; these nodes are new to it. `via`: a member. */
  | {
      readonly do: 'add'
      readonly nodes: readonly string[]
      readonly via: string
      readonly clear: readonly string[]
    }
  /** Options that a running cluster takes over. */
  | { readonly do: 'update'; readonly changes: readonly string[] }
  | { readonly do: 'nothing' }
  | { readonly do: 'refuse'; readonly seen: string; readonly remedy: string }

/**
 * What has to be done so that the wanted cluster exists, from what every node's corosync.conf says. A cluster that is
 * there is never destroyed: where it is another one, or not to be changed while it runs, this refuses.
 */
export function decide(wanted: ClusterWanted, found: readonly Found[]): Decision {
  const clear = found
    .filter(({ cluster }) => cluster !== null && isPlaceholder(cluster))
    .map(({ node }) => node)
  const members = found.filter(({ node, cluster }) => cluster !== null && !clear.includes(node))
  const [first] = members
  if (first?.cluster == null) return { do: 'set up', clear }

  const outside = found
    .map(({ node }) => node)
    .filter((node) => !members.some((member) => member.node === node))
  const known = wanted.nodes.filter(({ name }) => !outside.includes(name))
  for (const { node, cluster } of members) {
    const forgotten = outside.find((name) => cluster?.nodes.some((one) => one.name === name))
    if (forgotten !== undefined) return refuseRebuild(forgotten, node)
    const differences = cluster === null ? [] : compareCluster({ ...wanted, nodes: known }, cluster)
    const grave = differences.filter(({ severity }) => severity !== 'reloadable')
    if (grave.length > 0) return refuseChange(node, grave)
  }
  if (outside.length > 0) return { do: 'add', nodes: outside, via: first.node, clear }
  const changes = compareCluster(wanted, first.cluster).map(({ text }) => text)
  return changes.length > 0 ? { do: 'update', changes } : { do: 'nothing' }
}

function refuseRebuild(lost: string, member: string): Decision {
  return {
    do: 'refuse',
    seen: `${member} counts ${lost} among its cluster, but ${lost} has no corosync.conf`,
    remedy: `If ${lost} was reinstalled or lost its disk, rebuild it: bringup run playbooks/rebuild-node.yml, with the same inventory and --limit ${lost}. The other nodes go on meanwhile.`,
  }
}

function refuseChange(node: string, grave: readonly { severity: string; text: string }[]): Decision {
  const other = grave.some(({ severity }) => severity === 'different')
  return {
    do: 'refuse',
    seen: `${node} is in a cluster already, and that is not this one: ${grave.map(({ text }) => text).join('; ')}`,
    remedy: other
      ? 'If this cluster is meant, correct the vars and run on all of its nodes (without --limit). To give up the other one, destroy it by hand: pcs cluster destroy.'
      : 'This needs a stop of the whole cluster: plan it, change it with pcs while it is down, and run this again.',
  }
}
