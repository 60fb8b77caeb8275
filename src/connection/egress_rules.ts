import net from 'node:net'

/** Which places a host may reach through the controller. */
export interface EgressRules {
  /**
   * Names and addresses that may be reached although they lie in the controller's own or a private network:
   * `mirror.lan`, `*.lan`, `10.1.2.3`, `10.0.0.0/8`, each with `:port` or without.
   */
  readonly allow: readonly string[]
  /** Where given, nothing but these names can be reached; `*.example.org`, each with `:port` or without. */
  readonly only: readonly string[] | null
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

/** Says why a name may not be reached at all, or null. */
export function refusedName(rules: EgressRules, host: string, port: number): string | null {
  // As other proxies do: a way to mail servers, printers and shells is not what packages need.
  if (port !== 80 && port !== 443 && (port < 1024 || port > 65535)) return `port ${port} is not for fetching`
  const named = (entry: string): boolean => names(entry, host, port)
  if (rules.only !== null && !rules.only.some(named)) return `${host} is not on the list of allowed hosts`
  return null
}

/** Says why an address, which `host` stands for, may not be reached, or null. `own` are the controller's addresses. */
export function refusedAddress(
  rules: EgressRules,
  to: { host: string; port: number; address: string },
  own: readonly string[],
): string | null {
  if (!isClosed(to.address, own)) return null
  const allowed = rules.allow.some(
    (entry) =>
      names(entry, to.host, to.port) || names(entry, to.address, to.port) || holds(entry, to.address),
  )
  return allowed ? null : `${to.host} is ${to.address}, in a private network of the controller`
}

export function isClosed(address: string, own: readonly string[]): boolean {
  const family = net.isIPv6(address) ? 'ipv6' : 'ipv4'
  const closed = new net.BlockList()
  for (const [network, prefix, kind] of CLOSED) closed.addSubnet(network, prefix, kind)
  for (const mine of own) closed.addAddress(mine, net.isIPv6(mine) ? 'ipv6' : 'ipv4')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return closed.check(address, family) || (mapped !== undefined && closed.check(mapped, 'ipv4'))
}

function names(entry: string, host: string, port: number): boolean {
  const [, bracketed, plain, itsPort] = /^(?:\[(.+)\]|([^:]+|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? []
  const name = (bracketed ?? plain ?? entry).toLowerCase()
  if (itsPort !== undefined && Number(itsPort) !== port) return false
  const wanted = host.toLowerCase().replace(/\.$/, '')
  return name.startsWith('*.') ? wanted.endsWith(name.slice(1)) : wanted === name
}

/** Whether a network as `10.0.0.0/8` holds an address. */
function holds(entry: string, address: string): boolean {
  const [network, prefix, rest] = entry.split('/')
  if (network === undefined || prefix === undefined || rest !== undefined || !net.isIP(network)) return false
  const family = net.isIPv6(network) ? 'ipv6' : 'ipv4'
  const list = new net.BlockList()
  list.addSubnet(network, Number(prefix), family)
  return list.check(address, net.isIPv6(address) ? 'ipv6' : 'ipv4')
}
