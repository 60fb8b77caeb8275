import type { Redactor } from '../secret.ts'
import type { RunEvent } from './events.ts'

/**
 * What holds an event together: words of the engine and names of the inventory, which are no secrets even where
 * somebody's password is the same word. A masked one would lose a handler, or a host's recap.
 */
const STRUCTURE = new Set(
  'type status outcome kind code error host hosts role roles handler run play playbook inventory version time'.split(
    ' ',
  ),
)

/** Every text of an event, with known secrets masked: the one place through which all that is shown or kept goes. */
export function redacted(redactor: Redactor, event: RunEvent): RunEvent {
  const mask = (value: unknown): unknown => {
    if (typeof value === 'string') return redactor.redact(value)
    if (Array.isArray(value)) return value.map(mask)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        STRUCTURE.has(key) && isName(part) ? part : mask(part),
      ]),
    )
  }
  // What an event is made of knows how it is written, a Secret among them.
  return mask(JSON.parse(JSON.stringify(event))) as RunEvent
}

const isName = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'))
