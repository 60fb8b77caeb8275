import type { Place } from '../errors.ts'
import type { PendingSecret } from '../secrets/pending.ts'

/** YAML as plain data of which every part knows its place; aliases and merge keys are worked in. */
export type Located = LocatedMap | LocatedList | LocatedScalar | LocatedSecret

export interface LocatedMap {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, Entry>
  readonly at: Place
}

export interface LocatedList {
  readonly kind: 'list'
  readonly items: readonly Located[]
  readonly at: Place
}

export interface LocatedScalar {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  /** Tagged `!unsafe`: braces in it are meant as they stand. */
  readonly literal: boolean
  readonly at: Place
}

export interface LocatedSecret {
  readonly kind: 'secret'
  readonly secret: PendingSecret
  readonly at: Place
}

export interface Entry {
  readonly key: Place
  readonly value: Located
}

/** The data without its places, as roles and schemas read it. Secrets are in it as such. */
export function plain(located: Located): unknown {
  switch (located.kind) {
    case 'map':
      return Object.fromEntries([...located.entries].map(([key, entry]) => [key, plain(entry.value)]))
    case 'list':
      return located.items.map(plain)
    case 'scalar':
      return located.value
    case 'secret':
      return located.secret
  }
}

/** Where an editor's cursor belongs for an entry: at the value if it stands on the key's line, else at the key. */
export const placeOf = ({ key, value }: Entry): Place => (value.at.line === key.line ? value.at : key)

/** The place of a part of an entry; the nearest place above it where that part does not exist. */
export function locate(entry: Entry, path: readonly PropertyKey[]): Place {
  let place = placeOf(entry)
  let current: Located | undefined = entry.value
  for (const step of path) {
    if (current.kind === 'map') {
      const next: Entry | undefined = current.entries.get(String(step))
      if (next === undefined) return place
      place = placeOf(next)
      current = next.value
    } else if (current.kind === 'list') {
      const next: Located | undefined = current.items[Number(step)]
      if (next === undefined) return place
      place = next.at
      current = next
    } else return place
  }
  return place
}

/** What something is, in words for an error: `a list`, `the text "x"`, `the number 3`. */
export function describe(located: Located): string {
  if (located.kind === 'map') return 'a map'
  if (located.kind === 'list') return 'a list'
  if (located.kind === 'secret') return 'a secret'
  return describeScalar(located.value)
}

export function describeScalar(value: string | number | boolean | null): string {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return `the text ${quoted(value)}`
  if (typeof value === 'boolean') return String(value)
  const text = Number.isNaN(value) ? '.nan' : String(value).replace('Infinity', '.inf')
  return `the number ${text}`
}

/** Text in quotes on one line, cut where it is long. */
export function quoted(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 57)}…` : text
  return JSON.stringify(short)
}

/** The first place in it with `{{ … }}`, which Ansible would evaluate and bringup does not; null where there is none. */
export function templateIn(located: Located): Place | null {
  if (located.kind === 'scalar')
    return typeof located.value === 'string' && !located.literal && /\{\{.*\}\}/s.test(located.value)
      ? located.at
      : null
  const parts =
    located.kind === 'map'
      ? [...located.entries.values()].map(({ value }) => value)
      : located.kind === 'list'
        ? located.items
        : []
  for (const part of parts) {
    const place = templateIn(part)
    if (place !== null) return place
  }
  return null
}
