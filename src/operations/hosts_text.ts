import { isIPv4, isIPv6 } from 'node:net'
import { insertLines, joinLines, splitLines } from './text_lines.ts'
import type { Line } from './text_lines.ts'

/** One line of hosts(5): an address with its canonical name first, then aliases. */
export interface HostsEntry {
  readonly address: string
  readonly names: readonly string[]
}

/** A line as it is read: `address name… # comment`; null where it is a comment, empty, or something else. */
interface HostsLine {
  readonly address: string
  readonly names: readonly string[]
  readonly comment: string
}

/**
 * Gives each entry's address its names, in that order, and takes the names away from other addresses of the same family and from the loopback ones: corosync binds to what a node's own name resolves to,
 * and Debian's installer puts that name at 127.0.1.1. An address that loses its last name loses its line. Lines that
 * need no change stay as they are.
 */
export function addHosts(text: string, entries: readonly HostsEntry[]): string {
  const wanted = merged(entries)
  const lines = splitLines(text)
  const seen = lines.map((line) => parse(line.text))
  const homes = wanted.map((entry) => home(seen, entry))
  const kept = lines.flatMap((line, index) => {
    const now = seen[index] ?? null
    if (now === null) return [line]
    const entry = wanted[homes.indexOf(index)]
    const others = now.names.filter((name) => !leaves(name, now.address, wanted))
    return withNames(line, now, entry === undefined ? others : namesAtHome(entry, now, others))
  })
  const missing = wanted.filter((_, index) => homes[index] === -1)
  const added = missing.map(({ address, names }) => format(address, names, ''))
  return joinLines(insertLines(kept, kept.length, added))
}

/** Takes the names away from their addresses, and from no other. */
export function removeHosts(text: string, entries: readonly HostsEntry[]): string {
  const unwanted = merged(entries)
  const kept = splitLines(text).flatMap((line) => {
    const now = parse(line.text)
    const entry = unwanted.find((one) => now !== null && normal(one.address) === normal(now.address))
    if (now === null || entry === undefined) return [line]
    return withNames(
      line,
      now,
      now.names.filter((name) => !includesName(entry.names, name)),
    )
  })
  return joinLines(kept)
}

/** The line with other names; as it is where they are the same, gone where none is left and no comment. */
function withNames(line: Line, now: HostsLine, names: readonly string[]): Line[] {
  if (sameNames(names, now.names)) return [line]
  if (names.length > 0) return [{ ...line, text: format(now.address, names, now.comment) }]
  return now.comment === '' ? [] : [{ ...line, text: now.comment }]
}

/** The wanted names before the others, unless they are there in order already. */
function namesAtHome(entry: HostsEntry, now: HostsLine, others: readonly string[]): readonly string[] {
  if (!inOrder(entry.names, now.names)) return [...entry.names, ...others]
  return now.names.filter((name) => others.includes(name) || includesName(entry.names, name))
}

/** The line of an entry's address: the first that has one of its names, else the first. */
function home(lines: readonly (HostsLine | null)[], entry: HostsEntry): number {
  const at = lines.map((line) => line !== null && normal(line.address) === normal(entry.address))
  const named = lines.findIndex(
    (line, index) => at[index] === true && line?.names.some((name) => includesName(entry.names, name)),
  )
  return named === -1 ? at.indexOf(true) : named
}

/** Whether a wanted name has to go from the place it was found at; its own line puts it back. */
function leaves(name: string, address: string, wanted: readonly HostsEntry[]): boolean {
  const claims = wanted.filter((entry) => includesName(entry.names, name))
  return claims.some(
    (entry) =>
      isIPv4(entry.address) === isIPv4(address) || (isLoopback(address) && !isLoopback(entry.address)),
  )
}

/** Several entries of one address are one. */
function merged(entries: readonly HostsEntry[]): HostsEntry[] {
  const byAddress = new Map<string, HostsEntry>()
  for (const entry of entries) {
    const earlier = byAddress.get(normal(entry.address))
    const more = entry.names.filter((name) => !includesName(earlier?.names ?? [], name))
    const names = [...(earlier?.names ?? []), ...more]
    byAddress.set(normal(entry.address), { address: entry.address, names })
  }
  return [...byAddress.values()]
}

function parse(line: string): HostsLine | null {
  const hash = line.indexOf('#')
  const fields = (hash === -1 ? line : line.slice(0, hash)).split(/\s+/).filter((field) => field !== '')
  const [address, ...names] = fields
  if (address === undefined || (!isIPv4(address) && !isIPv6(address))) return null
  return { address, names, comment: hash === -1 ? '' : line.slice(hash) }
}

const format = (address: string, names: readonly string[], comment: string): string =>
  `${address}\t${names.join(' ')}${comment === '' ? '' : ` ${comment}`}`

const isLoopback = (address: string): boolean => address.startsWith('127.') || normal(address) === '::1'

/** One spelling for an IPv6 address, so that `fd00:0::1` and `FD00::1` are the same. */
function normal(address: string): string {
  const [plain = '', zone] = address.split('%')
  if (!isIPv6(plain)) return plain
  return new URL(`http://[${plain}]`).hostname.slice(1, -1) + (zone === undefined ? '' : `%${zone}`)
}

/** Host names are compared without case (RFC 1123). */
const includesName = (names: readonly string[], name: string): boolean =>
  names.some((one) => one.toLowerCase() === name.toLowerCase())

const sameNames = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, index) => name === other[index])

/** Whether all of `names` are in `all`, in the same order, each once. */
function inOrder(names: readonly string[], all: readonly string[]): boolean {
  const found = all.filter((name) => includesName(names, name))
  return sameNames(
    found.map((name) => name.toLowerCase()),
    names.map((name) => name.toLowerCase()),
  )
}
