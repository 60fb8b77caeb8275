import { createHash } from 'node:crypto'
import { Secret } from '../secret.ts'
import type { Redactor } from '../secret.ts'

/**
 * A short text that is the same for the same vars. Secrets are left out: a digest of one could be tried out against
 * guesses by whoever reads the journal, so a changed password is not seen here.
 */
export function varsDigest(vars: unknown, redactor: Redactor): string {
  const text = redactor.redact(JSON.stringify(plain(vars, [])) ?? '')
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}

/** As JSON can hold it, whatever a schema made of the vars, and in an order that says nothing. */
function plain(value: unknown, within: readonly unknown[]): unknown {
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol')
    return { [typeof value]: String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Secret) return { secret: true }
  if (within.includes(value)) return { circle: true }
  const inside = (part: unknown): unknown => plain(part, [...within, value])
  if (value instanceof Date || value instanceof RegExp || value instanceof URL)
    return { text: value instanceof Date ? value.getTime() : String(value) }
  if (Array.isArray(value)) return value.map(inside)
  if (value instanceof Map || value instanceof Set) return { items: [...value].map(inside) }
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { entries: entries.map(([key, part]) => [key, inside(part)]) }
}
