import type { Node } from 'bringup'
import { clusterOf } from '../../src/pacemaker/corosync/cluster.ts'
import { sections, value } from '../../src/pacemaker/corosync/conf.ts'
import { bindAddress } from '../../src/pacemaker/corosync/networks.ts'
import type { WrittenCluster, WrittenNode } from '../../src/pacemaker/corosync/written_schema.ts'
import type { CorosyncVars } from './vars.ts'
import type { CorosyncView } from './view.ts'

type Host = Pick<Node<CorosyncVars>, 'name' | 'address' | 'vars' | 'facts'>

/** The cluster as the inventory has it; nodes keep the ids that they have. */
export function wantedCluster(
  hosts: readonly Host[],
  vars: CorosyncVars,
  views: readonly CorosyncView[],
): WrittenCluster {
  return {
    cluster_name: vars.cluster_name,
    transport: vars.cluster_transport,
    transport_options: vars.cluster_transport_options,
    links: vars.cluster_links,
    totem: vars.cluster_totem,
    quorum: vars.cluster_quorum,
    crypto: vars.cluster_crypto,
    compression: vars.cluster_compression,
    logging: vars.corosync_logging,
    nodes: withIds(hosts, views),
  }
}

function withIds(hosts: readonly Host[], views: readonly CorosyncView[]): WrittenNode[] {
  const kept = hosts.map(({ name, vars }) => vars.corosync_node_id ?? idOf(name, views))
  const taken = new Set(kept)
  let next = 1
  const free = (): number => {
    while (taken.has(next)) next += 1
    taken.add(next)
    return next
  }
  const nodes = hosts.map(({ name, address, vars }, index) => ({
    name,
    id: kept[index] ?? free(),
    addresses: vars.cluster_addresses ?? [address],
  }))
  // Always in one order, also where a run is limited to some.
  return nodes.toSorted((one, other) => one.id - other.id)
}

/** The id by which the nodes know this one, or that its corosync made up from its address. */
export function idOf(name: string, views: readonly CorosyncView[]): number | undefined {
  const listed = views.flatMap(({ conf }) =>
    conf === null || isPackaged(conf) ? [] : clusterOf(conf).nodes.filter((node) => node.name === name),
  )
  const own = views.find((view) => view.name === name)
  const running =
    own === undefined || own.conf === null || isPackaged(own.conf)
      ? undefined
      : own.cmap?.get('runtime.votequorum.this_node_id')
  return (
    listed.find(({ id }) => id !== undefined)?.id ?? (running === undefined ? undefined : Number(running))
  )
}

/** What Debian's package brings: a cluster of one, on the loopback, which is nobody's. */
export function isPackaged(conf: CorosyncView['conf']): boolean {
  if (conf === null) return false
  const { name, nodes } = clusterOf(conf)
  const [only, ...others] = nodes
  const listens = sections(conf, 'totem').flatMap((totem) => sections(totem, 'interface'))
  const isLocal =
    only === undefined
      ? listens.length > 0 && listens.every((one) => value(one, 'bindnetaddr')?.startsWith('127.') === true)
      : others.length === 0 && only.name === 'node1' && only.addresses[0] === '127.0.0.1'
  return name === 'debian' && isLocal
}

/** What a node binds to on each link, where the links do not say; a problem in words where an address is not its own. */
export function bindsOf(
  host: Host,
  { nodes, links }: WrittenCluster,
): { readonly bind: readonly string[]; readonly problems: readonly string[] } {
  const addresses = nodes.find(({ name }) => name === host.name)?.addresses ?? []
  const found = addresses.map((address, link) => ({
    address,
    bind: links[link]?.bindnetaddr ?? bindAddress(address, host.facts.addresses),
  }))
  return {
    bind: found.map(({ address, bind }) => bind ?? address),
    problems: found.flatMap(({ address, bind }) =>
      bind === undefined ? [`${host.name} does not have the address ${address}`] : [],
    ),
  }
}
