import type { Metadata, Said } from './generation.ts'
import { metadataOf, parseDumpMd, uuid, uuids } from './generation.ts'

/**
 * Reads `get-gi` and `show-gi` of drbdadm, drbdsetup and drbdmeta, the way to ask an attached disk:
 * `current:bitmap:history:history:flags…`, under a drawing with show-gi; with several peers one line each, whose
 * current UUIDs must be the same.
 */
export function parseGi({ exitCode, stdout, stderr }: Said): Metadata {
  const lines = [...stdout.matchAll(/(?:^|\s)([0-9A-F]{16}(?::[0-9A-F]{16}){3}):([01:]+?)\s*$/gim)]
  const tuples = lines.map(([, ids = '']) => ids.split(':'))
  const wasPrimary = lines.some(([, , flags = '']) => isPrimary(flags.split(':')))
  const current = new Set(tuples.map(([first = '']) => uuid(first)))
  if (exitCode !== 0 || current.size !== 1) {
    return { kind: 'unknown', said: `${stderr}\n${stdout}`.trim() || 'it said nothing' }
  }
  return metadataOf(
    {
      current: [...current].join(),
      bitmap: [...new Set(uuids(tuples.map((ids) => ids[1] ?? '')))],
      history: [...new Set(uuids(tuples.flatMap((ids) => ids.slice(2))))],
      ...(wasPrimary ? { wasPrimary } : {}),
    },
    undefined,
    undefined,
  )
}

/** v08 has seven flags, the last of them "crashed primary"; v09 has it fourth, and those of the peer behind. */
const isPrimary = (flags: readonly string[]): boolean =>
  flags[2] === '1' || flags[flags.length === 7 ? 6 : 3] === '1'

/**
 * Reads a disk that is not attached, from `dump-md`; from `get-gi` where it refuses that: after a power cut the activity
 * log has yet to be applied, which attaching does, and the identifiers can be read all the same.
 */
export function parseUnattached(dumpMd: Said, gi: () => Said | undefined): Metadata {
  const read = parseDumpMd(dumpMd)
  if (read.kind !== 'unknown' || !isUnclean(read)) return read
  const said = gi()
  return said === undefined ? read : parseGi(said)
}

export const isUnclean = (read: Metadata): boolean =>
  read.kind === 'unknown' && /apply-al|unclean/.test(read.said)

/** get-gi of v09 is told towards which peer; v08 has only one. */
export const giArguments = (format: string, peerId: number): string[] =>
  format === 'v09' ? ['get-gi', `--node-id=${peerId}`] : ['get-gi']
