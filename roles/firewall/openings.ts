import type { DrbdResource } from '../../src/drbd/resource_schema.ts'

/** What one node has to let in from another. */
export interface Opening {
  /** An address of the other node. */
  readonly from: string
  readonly protocol: 'tcp' | 'udp'
  /** `2224`, `5404-5412` */
  readonly ports: string
}

export interface Member {
  readonly name: string
  /** On the corosync links. */
  readonly addresses: readonly string[]
}

/** Options of a corosync link, as `cluster_links` has them. */
export interface Link {
  readonly mcastport?: string | undefined
}

/** corosync.conf(5): the port of each ring is two above that of the one before; the one below is used for sending. */
const COROSYNC = [5404, 5412] as const
const PCSD = { protocol: 'tcp', ports: '2224' } as const

/**
 * What a node has to let in from all others: corosync, pcsd, and DRBD from the addresses that its resources name.
 * @param links with the ports that are not corosync's own
 */
export function openingsFor(
  name: string,
  members: readonly Member[],
  resources: readonly DrbdResource[] = [],
  links: readonly Link[] = [],
): Opening[] {
  const others = members.filter((member) => member.name !== name)
  const cluster = others.flatMap(({ addresses }) =>
    addresses.flatMap((from) => [
      ...corosyncPorts(links).map((ports) => ({ from, protocol: 'udp' as const, ports })),
      { from, ...PCSD },
    ]),
  )
  const drbd = resources.flatMap(({ nodes }) => {
    const own = nodes.find((node) => node.name === name)
    if (own === undefined) return []
    return nodes
      .filter((node) => node !== own)
      .map((node) => ({ from: node.address, protocol: 'tcp' as const, ports: String(own.port) }))
  })
  const all = new Map([...cluster, ...drbd].map((opening) => [openingText(opening), opening]))
  return [...all.values()]
}

function corosyncPorts(links: readonly Link[]): string[] {
  const [first, last] = COROSYNC
  const others = links
    .flatMap(({ mcastport }) => (mcastport === undefined ? [] : [Number(mcastport)]))
    .filter((port) => port <= first || port > last)
  return [`${first}-${last}`, ...others.map((port) => `${port - 1}-${port}`)]
}

/** `tcp 2224 from 192.168.111.2` */
export const openingText = ({ from, protocol, ports }: Opening): string => `${protocol} ${ports} from ${from}`

export const isIpv6 = ({ from }: Pick<Opening, 'from'>): boolean => from.includes(':')
