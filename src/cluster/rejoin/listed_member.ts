import type { CorosyncCluster, CorosyncNode } from '../../pacemaker/corosync/cluster.ts'
import type { ClusterNode } from '../../pacemaker/corosync/cluster_schema.ts'
import { hasAddresses } from '../../pacemaker/corosync/compare.ts'
import type { MembershipQuestion } from './membership.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'

/** The machine as the inventory wants it, and whose place in the cluster's list it takes: null for nobody's. */
export interface Listed {
  readonly own: ClusterNode
  readonly member: CorosyncNode | null
}

/**
 * Compares the inventory with the cluster's own list. The survivors must stand in both alike, and one member at most may
 * be another: else the inventory is another cluster's, or has names or addresses mixed up.
 */
export function listedMember(question: MembershipQuestion, conf: CorosyncCluster): Listed | Refusal {
  const { wanted, target, survivors } = question
  const own = wanted.nodes.find(({ name }) => name === target.host)
  if (own === undefined)
    return refuse(`the inventory does not have ${target.host} as a node of the cluster`, 'Correct --limit.')
  const others = wanted.nodes.filter((node) => node !== own)
  const unasked = others.filter(({ name }) => !survivors.some(({ host }) => host === name))
  if (unasked.length > 0)
    return refuse(
      `${namesOf(unasked)} did not say how the cluster is`,
      'All other nodes have to be reached: what a node runs that was not asked, nobody knows.',
    )
  for (const node of others) {
    const listed = conf.nodes.find(({ name }) => name === node.name)
    if (listed === undefined)
      return refuse(
        `${node.name} is no member of the cluster: it lists ${namesOf(conf.nodes)}`,
        'Take the inventory of this cluster. To add a node to it, play the playbook that installed it.',
      )
    if (!hasAddresses(listed, node))
      return refuse(
        `${node.name} has the addresses ${listed.addresses.join(', ')} in the cluster, and ${node.addresses.join(', ')} in the inventory`,
        'Are hosts of the inventory mixed up? Correct cluster_addresses: nothing is changed on a node that works.',
      )
  }
  return taken(own, conf, others)
}

function taken(own: ClusterNode, conf: CorosyncCluster, others: readonly ClusterNode[]): Listed | Refusal {
  const rest = conf.nodes.filter((one) => !others.some(({ name }) => name === one.name))
  const twin = others.find((node) => node.addresses.some((address) => own.addresses.includes(address)))
  if (twin !== undefined)
    return refuse(
      `${own.name} and ${twin.name} share an address in the inventory`,
      'Correct cluster_addresses, or the addresses of the hosts.',
    )
  if (rest.length > 1)
    return refuse(
      `the cluster lists ${namesOf(rest)}, where the inventory has only ${own.name}`,
      'One node is rebuilt at a time, and the others have to be in the inventory. One that is gone for good: pcs cluster node remove NAME --force --skip-offline',
    )
  return { own, member: rest[0] ?? null }
}

const namesOf = (nodes: readonly { readonly name: string }[]): string =>
  nodes.map(({ name }) => name).join(' and ')
