import { BlockList, isIP } from 'node:net'
import type { Address } from '../../src/facts/facts.ts'
import { isIpv6 } from './openings.ts'
import type { Opening } from './openings.ts'

/** A zone of firewalld, as `firewall-cmd --list-all-zones` shows it. */
export interface Zone {
  readonly name: string
  readonly target: string
  readonly interfaces: readonly string[]
  readonly sources: readonly string[]
  readonly rules: readonly string[]
}

/** Reads `firewall-cmd --list-all-zones`: rich rules stand below their heading, one a line. */
export function parseZones(text: string): Zone[] {
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const name = /^(\S+)/.exec(block)?.[1]
    if (name === undefined) return []
    const words = (key: string): string[] =>
      (new RegExp(`^  ${key}: (.*)$`, 'm').exec(block)?.[1] ?? '').split(/\s+/).filter(Boolean)
    const rules = [...block.matchAll(/^\s+(rule .*\S)\s*$/gm)].map(([, rule = '']) => rule)
    const target = words('target')[0] ?? ''
    return [{ name, target, interfaces: words('interfaces'), sources: words('sources'), rules }]
  })
}

/** As firewalld itself writes it, so that it can be found again. */
export const richRule = (opening: Opening): string =>
  `rule family="${isIpv6(opening) ? 'ipv6' : 'ipv4'}" source address="${opening.from}" port port="${opening.ports}" protocol="${opening.protocol}" accept`

/**
 * The zone that what comes from an address goes through (firewalld.zone(5)): that which has it among its sources, or
 * that of the interface whose network it is in, or the default zone.
 */
export function zoneOf(
  from: string,
  { zones, defaultZone }: { zones: readonly Zone[]; defaultZone: string },
  own: readonly Address[],
): string {
  const bySource = zones.find(({ sources }) => sources.some((source) => isWithin(from, source)))
  if (bySource !== undefined) return bySource.name
  const near = own.filter(({ address, prefix }) => isWithin(from, `${address}/${prefix}`))
  const via = near.toSorted((a, b) => b.prefix - a.prefix)[0]?.interface
  return zones.find(({ interfaces }) => via !== undefined && interfaces.includes(via))?.name ?? defaultZone
}

/** @param network `10.0.0.0/8`, `10.0.0.1`; anything else (a MAC address, `ipset:NAME`) has no address in it */
function isWithin(address: string, network: string): boolean {
  const [base = '', prefix] = network.split('/')
  const family = isIP(base)
  if (family === 0 || family !== isIP(address)) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(base, prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix), type)
  return list.check(address, type)
}
