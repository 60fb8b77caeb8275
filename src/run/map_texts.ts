import type { RunEvent } from './events.ts'

/**
 * What holds an event together: words of the engine and names of the inventory. They are never changed, not even where
 * somebody's password is the same word: a masked one would lose a handler, or a host's recap.
 */
const STRUCTURE = new Set(
  'type status outcome kind code error host hosts role roles handler run play playbook inventory version time batches varsDigests filesDigests startAt'.split(
    ' ',
  ),
)

/** The same event with every text of it changed, however deep: outputs, diffs, messages, names of tasks. */
export function mapTexts(event: RunEvent, change: (text: string) => string): RunEvent {
  const mapped = (value: unknown): unknown => {
    if (typeof value === 'string') return change(value)
    if (Array.isArray(value)) return value.map(mapped)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        STRUCTURE.has(key) && isName(part) ? part : mapped(part),
      ]),
    )
  }
  return mapped(event) as RunEvent
}

const isName = (value: unknown): boolean =>
  typeof value === 'string' || (Array.isArray(value) && value.every(isName))
