import type { ConfiguredResource } from '../status/config_xml.ts'
import type { HostDrbd } from '../status/host_drbd.ts'
import type { ConnectionState, ResourceState } from '../status/node_report.ts'

/** A host that answered. */
export interface AskedHost {
  /** As the inventory calls it. */
  readonly host: string
  readonly hostname: string
  readonly addresses: readonly string[]
  readonly drbd: HostDrbd | undefined
}

/** One that did not. */
export interface MissedHost {
  readonly host: string
  readonly address: string
}

/** A node of a resource, and what it says itself. */
export interface SharedNode {
  /** As the inventory calls it; as DRBD does where that is not known. */
  readonly name: string
  /** As `uname -n` says there. */
  readonly drbdName: string
  /** Undefined where the host was not asked, or did not answer. */
  readonly drbd: HostDrbd | undefined
  /** `missed`: it did not answer; `outside`: nobody asked it. */
  readonly asked: 'yes' | 'missed' | 'outside'
  /** Undefined where the kernel does not have the resource. */
  readonly state: ResourceState | undefined
  readonly configured: ConfiguredResource | undefined
  /** By volume, where the node was asked. */
  readonly disks: ReadonlyMap<number, string>
}

/** A resource with all its nodes, in order. */
export interface SharedResource {
  readonly name: string
  readonly nodes: readonly SharedNode[]
}

interface Entry {
  readonly asked: AskedHost
  readonly configured: ConfiguredResource | undefined
  readonly state: ResourceState | undefined
}

/** Pure: which resources the hosts have in common. Two pairs in one inventory may both call theirs `r0`. */
export function sharedResources(
  hosts: readonly AskedHost[],
  missed: readonly MissedHost[],
): SharedResource[] {
  const groups: Entry[][] = []
  for (const entry of hosts.flatMap(entriesOf)) {
    const same = groups.filter((group) => group.some((one) => isSame(one, entry)))
    for (const group of same) groups.splice(groups.indexOf(group), 1)
    groups.push([...same.flat(), entry])
  }
  return groups
    .map((group) => sharedOf(group, hosts, missed))
    .toSorted((a, b) => a.name.localeCompare(b.name) || nodeKey(a).localeCompare(nodeKey(b)))
}

const nodeKey = ({ nodes }: SharedResource): string => nodes.map((node) => node.name).join()

function entriesOf(asked: AskedHost): Entry[] {
  const { drbd } = asked
  if (drbd === undefined) return []
  const own = (drbd.config ?? []).filter(({ hosts }) => hosts.some((one) => isHost(asked, one.name)))
  const names = new Set([...own, ...(drbd.resources ?? [])].map((one) => one.name))
  return [...names].map((name) => ({
    asked,
    configured: own.find((one) => one.name === name),
    state: drbd.resources?.find((one) => one.name === name),
  }))
}

const short = (name: string): string => name.split('.')[0] ?? name
const isHost = ({ hostname }: AskedHost, name: string): boolean =>
  hostname === name || short(hostname) === short(name)

function isSame(a: Entry, b: Entry): boolean {
  const name = (one: Entry) => one.configured?.name ?? one.state?.name
  if (name(a) !== name(b)) return false
  const places = new Set(placesOf(a))
  if (placesOf(b).some((place) => places.has(place))) return true
  // Without a file, the kernel's names of the peers are all there is.
  const knows = (one: Entry, other: Entry) =>
    one.configured === undefined && one.state?.connections.some(({ peer }) => isHost(other.asked, peer))
  return knows(a, b) === true || knows(b, a) === true
}

const placesOf = ({ asked, configured }: Entry): readonly string[] =>
  configured === undefined
    ? asked.addresses.filter((address) => !/^(127\.|::1$|fe80:)/.test(address))
    : configured.hosts.flatMap((host) => host.addresses)

function sharedOf(
  group: readonly Entry[],
  hosts: readonly AskedHost[],
  missed: readonly MissedHost[],
): SharedResource {
  const configs = group.flatMap(({ configured }) => (configured === undefined ? [] : [configured]))
  const declared = configs.flatMap((one) => one.hosts)
  const peers = group.flatMap(({ state }) => (state?.connections ?? []).map(({ peer }) => peer))
  const known = [
    ...declared.map((one) => one.name),
    ...group.map(({ asked }) => asked.hostname),
    // 8.4 says of every peer only that it is one.
    ...peers.filter((peer) => peer !== 'peer'),
  ]
  const names = known.filter((name, index) => known.findIndex((one) => short(one) === short(name)) === index)
  const nodes = names.map((drbdName): SharedNode => {
    const entry = group.find(({ asked }) => isHost(asked, drbdName))
    const at = declared.find((one) => one.name === drbdName)
    const addresses = at?.addresses ?? []
    const asked =
      entry?.asked ??
      hosts.find((one) => isHost(one, drbdName) && addresses.some((each) => one.addresses.includes(each)))
    const away = missed.find(
      ({ host, address }) => short(host) === short(drbdName) || addresses.includes(address),
    )
    return {
      name: asked?.host ?? away?.host ?? drbdName,
      drbdName,
      drbd: asked?.drbd,
      asked: asked !== undefined ? 'yes' : away === undefined ? 'outside' : 'missed',
      state: entry?.state,
      configured: entry?.configured,
      disks: new Map((at?.volumes ?? []).map(({ volume, disk }) => [volume, disk])),
    }
  })
  const name = group[0]?.configured?.name ?? group[0]?.state?.name ?? ''
  return { name, nodes: nodes.toSorted((a, b) => a.name.localeCompare(b.name)) }
}

/** A node's own view of its connection to another. */
export function connectionTo(
  { nodes }: SharedResource,
  from: SharedNode,
  to: SharedNode,
): ConnectionState | undefined {
  const connections = from.state?.connections ?? []
  const named = connections.find(({ peer }) => short(peer) === short(to.drbdName))
  if (named !== undefined) return named
  // 8.4 has one, and does not say who it is to.
  return nodes.length === 2 ? connections.find(({ peer }) => peer === 'peer') : undefined
}

/** Every two nodes, once. */
export function pairsOf({ nodes }: SharedResource): [SharedNode, SharedNode][] {
  return nodes.flatMap((a, index) => nodes.slice(index + 1).map((b): [SharedNode, SharedNode] => [a, b]))
}
