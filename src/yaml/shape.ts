import type { ErrorCode, Place } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import type { Problems } from '../problems.ts'
import { describe } from './located.ts'
import type { Entry, Located, LocatedMap } from './located.ts'

export const emptyMap = (at: Place): LocatedMap => ({ kind: 'map', entries: new Map(), at })

/**
 * A map, or an empty one where there is nothing or (with a problem added) something else.
 * @param what for people: `"hosts"`, `the group cluster`
 */
export function expectMap(
  value: Located,
  what: string,
  remedy: string,
  problems: Problems,
  code: ErrorCode,
): LocatedMap {
  if (value.kind === 'map') return value
  if (value.kind !== 'scalar' || value.value !== null)
    problems.add(code, `${what} must be a map, not ${describe(value)}`, { at: value.at, remedy })
  return emptyMap(value.at)
}

/** Adds a problem for each key that is not among `known`, with what was probably meant. */
export function refuseOtherKeys(
  map: LocatedMap,
  what: string,
  known: readonly string[],
  problems: Problems,
  code: ErrorCode,
  remedyFor: (key: string) => string | null = () => null,
): void {
  for (const [key, { key: at }] of map.entries) {
    if (known.includes(key)) continue
    const remedy = remedyFor(key) ?? `Correct it, or take it out; known here: ${known.join(', ')}.`
    const meant = remedyFor(key) === null ? didYouMean(key, known) : ''
    problems.add(code, `unknown key "${key}" in ${what}${meant}`, { at, remedy })
  }
}

/** The value of an entry if it is text (or a number, which YAML makes of `name: 7`). */
export function textOf({ value }: Entry): string | null {
  if (value.kind !== 'scalar') return null
  return typeof value.value === 'string'
    ? value.value
    : typeof value.value === 'number'
      ? String(value.value)
      : null
}
