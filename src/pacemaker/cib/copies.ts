import { BringupError } from '../../errors.ts'
import { element, withChildren } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { readSets, reconcileSet } from './attribute_set.ts'
import type { Context } from './context.ts'
import type { Difference } from './difference.ts'
import { metaName, modernMeta } from './generation.ts'
import { boolean, sameMeaning } from './meaning.ts'
import { purgesMeta } from './primitive.ts'
import type { CloneWanted } from './resource_schema.ts'
import { findResource, isCloneElement, swapped } from './resource_tree.ts'

export interface CopiesWanted {
  clone?: CloneWanted | undefined
  promotable?: CloneWanted | undefined
}

/**
 * The resources section with a primitive or group cloned as wanted. A clone that is not mentioned stays, unless purged.
 * @throws BringupError REFUSED where the clone has another id than the one asked for: constraints hang on it
 */
export function reconcileCopies(
  section: XmlElement,
  id: string,
  wanted: CopiesWanted,
  context: Context,
): { section: XmlElement; differences: Difference[] } {
  const found = findResource(section, id)
  if (!found) return { section, differences: [] }
  const clone = isCloneElement(found.parent) ? found.parent : undefined
  const asked = wanted.promotable ?? wanted.clone
  if (asked === undefined) {
    if (!clone || !context.purge) return { section, differences: [] }
    const text = `${id}: no longer cloned (${clone.attributes.id})`
    return {
      section: swapped(section, clone, found.node),
      differences: [{ action: 'change', subject: id, text }],
    }
  }
  if (clone && asked.id !== undefined && clone.attributes.id !== asked.id) {
    throw new BringupError('REFUSED', `${id} is cloned as ${clone.attributes.id}, not as ${asked.id}`, {
      expected: `clone ${asked.id}`,
      seen: `clone ${clone.attributes.id}`,
      remedy: `Declare it with id: ${clone.attributes.id}, or rename the clone by hand with its constraints.`,
    })
  }
  if (clone) return reconcileClone(section, clone, id, asked, wanted.promotable !== undefined, context)
  const made = newClone(id, found.node, asked, wanted.promotable !== undefined, context)
  const kind = wanted.promotable === undefined ? 'clone' : 'promotable clone'
  const text = `${id}: as ${kind} ${made.attributes.id}`
  return {
    section: swapped(section, found.node, made),
    differences: [{ action: 'create', subject: id, text }],
  }
}

/** Whether a clone's instances are promoted. */
export function isPromotable(clone: XmlElement): boolean {
  if (clone.name === 'master') return true
  return boolean(readSets(clone, 'meta_attributes').get('promotable') ?? 'false') === true
}

function newClone(
  id: string,
  inside: XmlElement,
  asked: CloneWanted,
  promotable: boolean,
  context: Context,
): XmlElement {
  const asMaster = promotable && context.generation.masterElement
  const cloneId = context.claim(asked.id ?? `${id}-${asMaster ? 'master' : 'clone'}`)
  const shell = element(asMaster ? 'master' : 'clone', { id: cloneId })
  const { element: filled } = cloneMeta(shell, asked, promotable && !asMaster, context)
  return withChildren(filled, [inside, ...filled.children])
}

function reconcileClone(
  section: XmlElement,
  clone: XmlElement,
  id: string,
  asked: CloneWanted,
  promotable: boolean,
  context: Context,
) {
  const asMeta = promotable && !isPromotable(clone)
  const differences: Difference[] = []
  let changed = clone
  if (asMeta && context.generation.masterElement) {
    changed = { ...clone, name: 'master' }
    differences.push({
      action: 'change',
      subject: id,
      text: `${id}: clone ${clone.attributes.id} made promotable`,
    })
  }
  const asMaster = changed.name === 'master'
  const meta = cloneMeta(changed, asked, promotable && !asMaster, context)
  differences.push(...meta.differences.map((one) => ({ ...one, subject: id })))
  return { section: swapped(section, clone, meta.element), differences }
}

function cloneMeta(clone: XmlElement, asked: CloneWanted, promotable: boolean, context: Context) {
  const own = promotable && !('promotable' in asked.meta) ? { promotable: 'true', ...asked.meta } : asked.meta
  const named = Object.entries(own).map(
    ([name, value]) => [metaName(name, context.generation), value] as const,
  )
  return reconcileSet(clone, {
    tag: 'meta_attributes',
    id: `${clone.attributes.id}-meta_attributes`,
    values: Object.fromEntries(named),
    subject: clone.attributes.id ?? '',
    same: sameMeaning,
    modernName: modernMeta,
    claim: context.claim,
    ...(context.purge && { purge: (name: string) => name !== 'promotable' && purgesMeta(name) }),
  })
}
