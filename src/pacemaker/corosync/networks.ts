import { BlockList, isIPv6 } from 'node:net'
import type { Address } from '../../facts/facts.ts'

/**
 * What a node with this address binds to with multicast (corosync.conf(5), `bindnetaddr`): the network of the address, which
 * is the same on all nodes of that network; with IPv6 the address itself.
 *
 * @param own the addresses of the node
 * @returns undefined where the node has no such address
 */
export function bindAddress(address: string, own: readonly Address[]): string | undefined {
  const found = own.find((one) => sameAddress(one.address, address))
  if (found === undefined) return undefined
  if (isIPv6(address)) return address
  const bytes = address.split('.').map(Number)
  return bytes.map((byte, index) => byte & maskByte(found.prefix - index * 8)).join('.')
}

/** The bits of one byte of a netmask, of which so many are still to come. */
const maskByte = (bits: number): number => 0xff & (0xff << (8 - Math.max(0, Math.min(8, bits))))

/** Whether two texts are one address; IPv6 has many spellings. */
export function sameAddress(one: string, other: string): boolean {
  if (one === other || !isIPv6(one) || !isIPv6(other)) return one === other
  const list = new BlockList()
  list.addAddress(one, 'ipv6')
  return list.check(other, 'ipv6')
}
