import { sections, value, values } from './conf.ts'
import type { Section } from './conf.ts'

export interface CorosyncNode {
  readonly name: string
  readonly id: number | undefined
  /** In the order of the rings, which are the links of knet. */
  readonly addresses: readonly string[]
}

/** What a corosync.conf says about a cluster. Names of options are corosync's own. */
export interface CorosyncCluster {
  readonly name: string
  readonly transport: string
  readonly nodes: readonly CorosyncNode[]
  /** Everything of the totem section but what has a place of its own here. */
  readonly totem: Readonly<Record<string, string>>
  /** By link number. */
  readonly links: ReadonlyMap<number, Readonly<Record<string, string>>>
  readonly quorum: Readonly<Record<string, string>>
  readonly crypto: { readonly cipher: string; readonly hash: string }
  /** True where a quorum device takes part. */
  readonly device: boolean
}

const OWN_PLACE = new Set(['cluster_name', 'transport', 'crypto_cipher', 'crypto_hash', 'secauth'])

export function clusterOf(conf: Section): CorosyncCluster {
  const totem = sections(conf, 'totem').at(-1)
  const quorum = sections(conf, 'quorum').at(-1)
  const members = sections(conf, 'nodelist').flatMap((list) => sections(list, 'node'))
  const nodes = members.map(nodeOf)
  const links = new Map<number, Record<string, string>>()
  for (const [index, link] of (totem === undefined ? [] : sections(totem, 'interface')).entries()) {
    const { linknumber, ringnumber, ...options } = values(link)
    links.set(Number(linknumber ?? ringnumber ?? index), options)
  }
  const rest = Object.entries(values(totem)).filter(([name]) => !OWN_PLACE.has(name))
  // secauth stands for both, and is off by default in corosync 3, but on in 2.4 (corosync.conf(5) of each), whose pcs 0.9
  // gives nodes no names, and leaves it out where it is to be on.
  const isOld = nodes.length > 0 && members.every((member) => value(member, 'name') === undefined)
  const secure = (value(totem, 'secauth') ?? (isOld ? 'on' : 'off')) === 'on'
  return {
    name: value(totem, 'cluster_name') ?? '',
    // Without the option, corosync 3 takes knet; a corosync 2 file that leaves it out has interfaces with bindnetaddr.
    transport:
      value(totem, 'transport') ?? ([...links.values()].some((link) => link.bindnetaddr) ? 'udp' : 'knet'),
    nodes,
    totem: Object.fromEntries(rest),
    links,
    quorum: values(quorum),
    crypto: {
      cipher: value(totem, 'crypto_cipher') ?? (secure ? 'aes256' : 'none'),
      hash: value(totem, 'crypto_hash') ?? (secure ? 'sha1' : 'none'),
    },
    device: quorum !== undefined && sections(quorum, 'device').length > 0,
  }
}

function nodeOf(section: Section): CorosyncNode {
  const all = values(section)
  const rings = Object.keys(all).flatMap((key) => /^ring(\d+)_addr$/.exec(key)?.[1] ?? [])
  const addresses = rings.toSorted((a, b) => Number(a) - Number(b)).map((ring) => all[`ring${ring}_addr`]!)
  const id = all.nodeid === undefined ? undefined : Number(all.nodeid)
  return { name: all.name ?? addresses[0] ?? '', id, addresses }
}

/**
 * The file that Debian's corosync package brings, with which its services run a cluster of one: nobody's cluster, and
 * free to be replaced.
 */
export function isPlaceholder(cluster: CorosyncCluster): boolean {
  const [only, ...others] = cluster.nodes
  if (others.length > 0) return false
  if (only === undefined) return cluster.name === ''
  return cluster.name === 'debian' && only.name === 'node1' && only.addresses[0] === '127.0.0.1'
}
