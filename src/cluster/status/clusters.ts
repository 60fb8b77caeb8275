import { isPlaceholder } from '../../pacemaker/corosync/cluster.ts'
import type { CorosyncCluster } from '../../pacemaker/corosync/cluster.ts'
import type { QuorumStatus } from '../../pacemaker/corosync/status.ts'
import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import type { HostReport } from './host_report.ts'

/** A host that was to be asked and could not be reached. */
export interface Unreachable {
  readonly host: string
  readonly address: string
  /** In a few words. */
  readonly problem: string
  readonly remedy?: string
}

/** How some of the hosts see the cluster, all alike. */
export interface View {
  readonly hosts: readonly string[]
  readonly status: ClusterStatus
  readonly quorum: QuorumStatus | undefined
  /** The nodes that corosync has in its membership there, in order. */
  readonly members: readonly string[]
}

/** The hosts that are one cluster by their configuration, and what they say of it. */
export interface Cluster {
  readonly name: string
  readonly reports: readonly HostReport[]
  /** None where it runs nowhere, several where the hosts do not agree. The one with quorum and a DC comes first. */
  readonly views: readonly View[]
  /** Every node that a configuration or a view names, with the host that it is, where that is known. */
  readonly nodes: readonly { readonly name: string; readonly host: string | undefined }[]
}

/** Pure: which hosts belong together. The rest has no cluster. */
export function clustersOf(
  reports: readonly HostReport[],
  unreachable: readonly Unreachable[] = [],
): { clusters: Cluster[]; without: HostReport[] } {
  const groups: HostReport[][] = []
  const without = reports.filter((report) => !hasCluster(report))
  for (const report of reports.filter(hasCluster)) {
    const same = groups.filter((group) => group.some((one) => isSameCluster(one, report)))
    for (const group of same) groups.splice(groups.indexOf(group), 1)
    groups.push([...same.flat(), report])
  }
  return { clusters: groups.map((group) => clusterOf(group, unreachable)), without }
}

/** What Debian's package brings is nobody's cluster, also where its daemons run. */
function hasCluster({ conf, confUnreadable, monitor }: HostReport): boolean {
  if (conf !== undefined) return conf.nodes.length > 0 && !isPlaceholder(conf)
  return confUnreadable || monitor !== undefined
}

/** A name alone says little: labs share theirs. Those who list one address among their nodes are one cluster. */
function isSameCluster(a: HostReport, b: HostReport): boolean {
  if (nameOf(a) !== nameOf(b)) return false
  if (a.conf !== undefined && b.conf !== undefined) {
    const addresses = new Set(ownAddresses(a.conf))
    return a === b || ownAddresses(b.conf).some((address) => addresses.has(address))
  }
  const names = new Set(nodeNames(a))
  return nodeNames(b).some((name) => names.has(name))
}

/** A loopback address is every host's. */
const ownAddresses = ({ nodes }: CorosyncCluster): string[] =>
  nodes.flatMap((node) => node.addresses).filter((address) => !/^(127\.|::1$|localhost)/.test(address))

const nameOf = (report: HostReport): string => report.conf?.name ?? report.clusterName ?? ''

const nodeNames = ({ conf, monitor }: HostReport): string[] => [
  ...(conf?.nodes ?? []).map((node) => node.name),
  ...(monitor?.nodes ?? []).map((node) => node.name),
]

function clusterOf(reports: readonly HostReport[], unreachable: readonly Unreachable[]): Cluster {
  const names = [...new Set(reports.flatMap(nodeNames))].toSorted()
  const addresses = new Map(
    reports.flatMap(({ conf }) => (conf?.nodes ?? []).map((node) => [node.name, node.addresses] as const)),
  )
  const nodes = names.map((name) => {
    const asked = reports.find((report) => nodeOf(report) === name)?.host
    const missed = unreachable.find(
      ({ host, address }) => host === name || addresses.get(name)?.includes(address) === true,
    )
    return { name, host: asked ?? missed?.host }
  })
  return { name: nameOf(reports[0]!), reports, views: viewsOf(reports), nodes }
}

/** The name that the cluster has for a host. */
export function nodeOf({ conf, links, hostname, addresses }: HostReport): string {
  const short = hostname.split('.')[0]
  const own =
    conf?.nodes.find((node) => links !== undefined && node.id === links.nodeId) ??
    conf?.nodes.find((node) => node.addresses.some((address) => addresses.includes(address))) ??
    conf?.nodes.find((node) => node.name.split('.')[0] === short)
  return own?.name ?? hostname
}

function viewsOf(reports: readonly HostReport[]): View[] {
  const views = reports.flatMap((report): View[] => {
    if (report.monitor === undefined) return []
    return [
      {
        hosts: [report.host],
        status: report.monitor,
        quorum: report.quorum,
        members: membersOf(report, report.monitor),
      },
    ]
  })
  const same = Map.groupBy(views, ({ status, members }) =>
    JSON.stringify([status.dc, status.quorate, members]),
  )
  return [...same.values()].map(merged).toSorted((a, b) => rank(b) - rank(a))
}

function membersOf({ conf, quorum }: HostReport, status: ClusterStatus): string[] {
  const online = status.nodes.filter((node) => node.online && node.type === 'member').map((node) => node.name)
  // The quorum device has the id 0.
  const ids = quorum?.members.filter((member) => member.id !== 0)
  const named = ids?.map(({ id, name }) => conf?.nodes.find((node) => node.id === id)?.name ?? name)
  return (named ?? online).toSorted()
}

/** Hosts that agree may have been asked a moment apart: the DC knows best. */
function merged(same: readonly View[]): View {
  const best = same.find(({ hosts, status }) => hosts.includes(status.dc ?? '')) ?? same[0]!
  return { ...best, hosts: same.flatMap((view) => view.hosts) }
}

/** The views that tell how the cluster is: where one knows a DC, those that know none are of hosts that have not joined. */
export function tellingViews({ views }: Cluster): readonly View[] {
  const leading = views.filter(({ status }) => status.dc !== undefined)
  return leading.length > 0 ? leading : views.slice(0, 1)
}

const rank = ({ status }: View): number => (status.quorate ? 2 : 0) + (status.dc === undefined ? 0 : 1)
