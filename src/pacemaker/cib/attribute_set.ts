import { appended, child, element, elements, replaced, withAttributes, withChildren } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { shown, textOfValue, transition } from './difference.ts'
import type { Difference } from './difference.ts'
import type { ClaimId } from './ids.ts'
import type { Attributes } from './value_schema.ts'

/** What a set of names and values (`instance_attributes`, `meta_attributes`, properties, …) is to hold. */
export interface AttributeSetWanted {
  /** The element that holds the nvpairs. */
  tag: string
  /** The set's id, should there be none yet. */
  id: string
  values: Attributes
  /** What the values belong to, for the reader: `vip`, `property`. */
  subject: string
  /** When two values are the same; by spelling when left out. */
  same?: (live: string, wanted: string) => boolean
  /** Which unmentioned names go; none when left out. */
  purge?: (name: string) => boolean
  /** The one name under which several old and new names go. */
  modernName?: (name: string) => string
  claim: ClaimId
}

/** A parent element with one of its sets brought to what is wanted; what is not mentioned stays as it is. */
export function reconcileSet(
  parent: XmlElement,
  wanted: AttributeSetWanted,
): { element: XmlElement; differences: Difference[] } {
  const { subject, same = (a, b) => a === b, modernName = (name) => name } = wanted
  const differences: Difference[] = []
  const note = (name: string, before: string | undefined, after: Attributes[string] | undefined) =>
    differences.push({ action: 'change', subject, text: `${subject}: ${transition(name, before, after)}` })

  let result = parent
  for (const [name, value] of Object.entries(wanted.values)) {
    const found = findPair(result, wanted.tag, name, modernName)
    const text = value === null ? undefined : textOfValue(value)
    if (text === undefined) {
      if (found) {
        result = replaced(result, found.set, replaced(found.set, found.pair, undefined))
        note(name, found.pair.attributes.value, null)
      }
    } else if (!found) {
      const { element: withSet, set } = ensureSet(result, wanted)
      const id = wanted.claim(`${set.attributes.id}-${name}`)
      result = replaced(withSet, set, appended(set, element('nvpair', { id, name, value: text })))
      differences.push({ action: 'create', subject, text: `${subject}: ${name} ${shown(name, value)}` })
    } else if (!same(found.pair.attributes.value ?? '', text)) {
      const pair = withAttributes(found.pair, { value: text })
      result = replaced(result, found.set, replaced(found.set, found.pair, pair))
      note(name, found.pair.attributes.value, value)
    }
  }
  if (wanted.purge === undefined) return { element: result, differences }
  const mentioned = new Set(Object.keys(wanted.values).map(modernName))
  for (const set of plainSets(result, wanted.tag)) {
    const gone = elements(set, 'nvpair').filter(({ attributes: { name = '' } }) => {
      return !mentioned.has(modernName(name)) && wanted.purge?.(name) === true
    })
    for (const pair of gone) note(pair.attributes.name ?? '', pair.attributes.value, null)
    const kept = set.children.filter((node) => !(gone as readonly unknown[]).includes(node))
    if (gone.length > 0) result = replaced(result, set, withChildren(set, kept))
  }
  return { element: result, differences }
}

/** The values that the plain sets of a parent hold; the first set that has a name wins, as in pacemaker. */
export function readSets(parent: XmlElement | undefined, tag: string): Map<string, string> {
  const values = new Map<string, string>()
  if (parent === undefined) return values
  for (const set of plainSets(parent, tag)) {
    for (const { attributes } of elements(set, 'nvpair')) {
      const { name, value } = attributes
      if (name !== undefined && value !== undefined && !values.has(name)) values.set(name, value)
    }
  }
  return values
}

/** Sets that hold always: those with a rule hold at times, and those that point elsewhere are another's. */
function plainSets(parent: XmlElement, tag: string): XmlElement[] {
  return elements(parent, tag).filter(
    (set) => child(set, 'rule') === undefined && set.attributes['id-ref'] === undefined,
  )
}

function findPair(parent: XmlElement, tag: string, name: string, modernName: (name: string) => string) {
  for (const set of plainSets(parent, tag)) {
    const pair = elements(set, 'nvpair').find(
      (one) => one.attributes.name !== undefined && modernName(one.attributes.name) === modernName(name),
    )
    if (pair) return { set, pair }
  }
  return undefined
}

function ensureSet(parent: XmlElement, wanted: AttributeSetWanted): { element: XmlElement; set: XmlElement } {
  const existing = plainSets(parent, wanted.tag)[0]
  if (existing) return { element: parent, set: existing }
  const set = element(wanted.tag, { id: wanted.claim(wanted.id) })
  // Before the operations, where pcs puts it; elsewhere at the end.
  const before = parent.children.findIndex((node) => 'name' in node && node.name === 'operations')
  const at = before === -1 ? parent.children.length : before
  return { element: withChildren(parent, parent.children.toSpliced(at, 0, set)), set }
}
