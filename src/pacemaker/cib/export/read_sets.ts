import { child, elements } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { attributes as attributesSchema } from '../value_schema.ts'
import type { Attributes } from '../value_schema.ts'
import type { Secrets } from './secrets.ts'
import { elementText, pairText, unknownIn } from './unsaid.ts'
import type { Unsaid } from './unsaid.ts'

/** What reading any part of a CIB needs. */
export interface Reading {
  readonly unsaid: Unsaid
  readonly secrets: Secrets
}

export interface SetsWanted {
  /** The element that holds the nvpairs. */
  readonly tag: string
  /** What the values belong to, for the reader: `vip`, `property`. */
  readonly owner: string
  /** Names that are no matter of a declaration. */
  readonly skip?: (name: string) => boolean
  /** The one name under which several old and new names go. */
  readonly modernName?: (name: string) => string
}

/** The names and values of a parent's plain sets; the first set that has a name wins, as for the comparison. */
export function readAttributes(
  parent: XmlElement | undefined,
  wanted: SetsWanted,
  reading: Reading,
): Attributes {
  const { tag, owner, skip = () => false, modernName = (name: string) => name } = wanted
  const { unsaid, secrets } = reading
  const found = new Map<string, string>()
  const sets = parent === undefined ? [] : elements(parent, tag)
  for (const set of sets) {
    if (set.attributes['id-ref'] !== undefined || child(set, 'rule') !== undefined) {
      const why = set.attributes['id-ref'] === undefined ? 'holds by a rule' : 'is a reference'
      unsaid(`${owner}: ${elementText(set)}, which ${why}`)
      continue
    }
    // The score of a set says which of several is the first.
    for (const text of unknownIn(set, sets.length > 1 ? [] : ['score'], ['nvpair'])) {
      unsaid(`${owner}: ${elementText(set)}: ${text}`)
    }
    for (const pair of elements(set, 'nvpair')) {
      const { name, value } = pair.attributes
      if (name === undefined || value === undefined) {
        unsaid(`${owner}: ${elementText(pair)}, which has no name or no value of its own`)
        continue
      }
      for (const text of unknownIn(pair, ['name', 'value'])) unsaid(`${owner}: ${name}: ${text}`)
      if (skip(name)) continue
      const modern = modernName(name)
      const before = found.get(modern)
      if (before !== undefined) {
        if (before !== value) unsaid(`${owner}: ${pairText(name, value)}, a second value of ${modern}`)
      } else if (attributesSchema.safeParse({ [modern]: value }).success) found.set(modern, value)
      else unsaid(`${owner}: ${pairText(name, value)}, whose name is none that can be declared`)
    }
  }
  const values = [...found].map(([name, value]) => [name, secrets.value(owner, name, value)] as const)
  return Object.fromEntries(values)
}
