import type { Metadata, Said } from './generation.ts'
import { metadataOf, uuid, uuids } from './generation.ts'

/**
 * Reads `get-gi` and `show-gi` of drbdadm, drbdsetup and drbdmeta, the way to ask an attached disk:
 * `current:bitmap:history:history:flags…`, under a drawing with show-gi; with several peers one line each, whose
 * current UUIDs must be the same.
 */
export function parseGi({ exitCode, stdout, stderr }: Said): Metadata {
  const lines = stdout.matchAll(/(?:^|\s)([0-9A-F]{16}(?::[0-9A-F]{16}){3}):[01:]+\s*$/gim)
  const tuples = [...lines].map(([, ids = '']) => ids.split(':'))
  const current = new Set(tuples.map(([first = '']) => uuid(first)))
  if (exitCode !== 0 || current.size !== 1) {
    return { kind: 'unknown', said: `${stderr}\n${stdout}`.trim() || 'it said nothing' }
  }
  return metadataOf(
    {
      current: [...current].join(),
      bitmap: [...new Set(uuids(tuples.map((ids) => ids[1] ?? '')))],
      history: [...new Set(uuids(tuples.flatMap((ids) => ids.slice(2))))],
    },
    undefined,
    undefined,
  )
}
