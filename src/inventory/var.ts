import { locate, placeOf, plain, templateIn } from '../yaml/located.ts'
import type { Entry } from '../yaml/located.ts'
import type { Var } from './inventory.ts'

/** A variable out of YAML. @param source for people: where it was set */
export function varOf(entry: Entry, source: string): Var {
  const template = templateIn(entry.value)
  return {
    value: plain(entry.value),
    at: placeOf(entry),
    nameAt: entry.key,
    locate: (path) => locate(entry, path),
    source,
    ...(template === null ? {} : { template }),
  }
}
