import net from 'node:net'

/** Where a host wants to go through the controller. */
export interface Destination {
  readonly host: string
  readonly port: number
}

/** Why it may not, and what to do about it, each as a sentence. */
export interface Refusal {
  readonly why: string
  readonly remedy: string
}

/** IANA's special-purpose registries: what is this machine, this link, or a private network, and not the internet. */
const CLOSED: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 96, 'ipv6'],
  // The translated ones (NAT64, 6to4) hold IPv4 addresses, private ones too.
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]

/** Of a long list, so many are told in one line. */
const MOST_TOLD = 12

/**
 * Whether the list of a host has a destination: `packages.example.org` and `*.example.org` stand for the ports 80 and
 * 443, `packages.example.org:3142` for its own.
 * @returns null where it may be reached
 */
export function refusedName(allowed: Iterable<string>, { host, port }: Destination): Refusal | null {
  // As other proxies do: a way to mail servers, printers and shells is not what packages need, whoever lists it.
  if (!isFetchingPort(port))
    return { why: `port ${port} is not for fetching`, remedy: 'Serve it on port 80, 443, or above 1023.' }
  const list = [...allowed]
  if (list.some((entry) => names(entry, host, port))) return null
  const place = port === 80 || port === 443 ? host : `${net.isIPv6(host) ? `[${host}]` : host}:${port}`
  return {
    why: `${place} is not on the list of places that this host may reach (${listText(list)})`,
    remedy: `Where that is meant, add it in the inventory: egress_allow: ['${place}'].`,
  }
}

/**
 * Whether an address, which `host` stands for, is one that nobody reaches through the controller: its own, and those of
 * private networks. No setting opens them.
 * @param own the controller's addresses, which may be public
 */
export function refusedAddress(
  { host, address }: { host: string; address: string },
  own: readonly string[],
): Refusal | null {
  if (!isClosed(address, own)) return null
  const what = host === address ? host : `${host} is ${address}, which`
  return {
    why: `${what} is in a private network of the controller, or its own address`,
    remedy: 'Let the host reach it by itself, or take a source in its place that is not private.',
  }
}

export const isFetchingPort = (port: number): boolean =>
  port === 80 || port === 443 || (port >= 1024 && port <= 65_535)

export function isClosed(address: string, own: readonly string[]): boolean {
  const family = net.isIPv6(address) ? 'ipv6' : 'ipv4'
  const closed = new net.BlockList()
  for (const [network, prefix, kind] of CLOSED) closed.addSubnet(network, prefix, kind)
  for (const mine of own) closed.addAddress(mine, net.isIPv6(mine) ? 'ipv6' : 'ipv4')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return closed.check(address, family) || (mapped !== undefined && closed.check(mapped, 'ipv4'))
}

export function listText(list: readonly string[]): string {
  if (list.length === 0) return 'it is empty'
  const more = list.length - MOST_TOLD
  return list.slice(0, MOST_TOLD).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

function names(entry: string, host: string, port: number): boolean {
  const [, bracketed, plain, itsPort] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? []
  const name = (bracketed ?? plain ?? entry).toLowerCase()
  if (itsPort === undefined ? port !== 80 && port !== 443 : Number(itsPort) !== port) return false
  const wanted = host.toLowerCase().replace(/\.$/, '')
  return name.startsWith('*.') ? wanted.endsWith(name.slice(1)) : wanted === name
}
