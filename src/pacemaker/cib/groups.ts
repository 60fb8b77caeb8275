import { BringupError } from '../../errors.ts'
import { element, elements, isElement, withChildren } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { reconcileSet } from './attribute_set.ts'
import type { Context } from './context.ts'
import type { Difference } from './difference.ts'
import { sameMeaning } from './meaning.ts'
import { purgesMeta } from './primitive.ts'
import { findResource, putInto, swapped, takenOut } from './resource_tree.ts'
import type { Attributes } from './value_schema.ts'

/**
 * The resources section with a group that holds the wanted members in the wanted order. Members that nobody mentioned
 * stay where they are between the others.
 */
export function reconcileGroup(
  section: XmlElement,
  id: string,
  members: readonly string[],
  meta: Attributes,
  context: Context,
): { section: XmlElement; differences: Difference[] } {
  const differences: Difference[] = []
  const existing = findResource(section, id)?.node
  if (existing !== undefined && existing.name !== 'group') {
    throw new BringupError('REFUSED', `${id} is a ${existing.name} in the cluster, and wanted as a group`, {
      remedy: `Give the group another id, or remove the ${existing.name} by hand first.`,
    })
  }
  let result = section
  const incoming: XmlElement[] = []
  for (const member of members) {
    const found = findResource(result, member)
    if (!found) throw unknownMember(id, member)
    if (found.parent.attributes.id === id && found.parent.name === 'group') continue
    const outside = takenOut(result, member)
    result = outside.section
    incoming.push(found.node)
    const from = found.parent.name === 'resources' ? '' : ` (from ${found.parent.attributes.id})`
    if (existing) differences.push({ action: 'move', subject: id, text: `group ${id}: add ${member}${from}` })
    for (const empty of outside.emptied) {
      const text = `remove ${empty.name} ${empty.attributes.id}, which is empty`
      differences.push({ action: 'remove', subject: empty.attributes.id ?? '', text })
    }
  }
  if (!existing) {
    if (context.claim(id) !== id) throw takenId(id)
    result = putInto(result, element('group', { id }, incoming))
    const text = `create group ${id} of ${members.join(', ')}`
    differences.push({ action: 'create', subject: id, text })
  } else if (incoming.length > 0) {
    result = swapped(result, existing, putInto(existing, ...incoming))
  }
  const group = findResource(result, id)?.node ?? element('group', { id })
  const before = memberIds(group).filter((member) => members.includes(member))
  const sorted = inOrder(group, members)
  if (sorted !== group) {
    result = swapped(result, group, sorted)
    if (incoming.length === 0) {
      const text = `group ${id}: order ${before.join(', ')} → ${members.join(', ')}`
      differences.push({ action: 'move', subject: id, text })
    }
  }
  const withMeta = reconcileSet(sorted, {
    tag: 'meta_attributes',
    id: `${id}-meta_attributes`,
    values: meta,
    subject: `group ${id}: meta`,
    same: sameMeaning,
    claim: context.claim,
    ...(context.purge && { purge: purgesMeta }),
  })
  result = swapped(result, sorted, withMeta.element)
  if (existing) differences.push(...withMeta.differences.map((one) => ({ ...one, subject: id })))
  return { section: result, differences }
}

function memberIds(group: XmlElement): string[] {
  return elements(group, 'primitive').map((member) => member.attributes.id ?? '')
}

/** The same group with the wanted members in the wanted order, in the places that they hold together now. */
function inOrder(group: XmlElement, members: readonly string[]): XmlElement {
  const isMember = (id: string | undefined) => members.includes(id ?? '')
  const wanted = elements(group, 'primitive')
    .filter((member) => isMember(member.attributes.id))
    .toSorted((a, b) => members.indexOf(a.attributes.id ?? '') - members.indexOf(b.attributes.id ?? ''))
  let next = 0
  const children = group.children.map((node) =>
    isElement(node) && node.name === 'primitive' && isMember(node.attributes.id) ? wanted[next++]! : node,
  )
  return children.every((node, index) => node === group.children[index])
    ? group
    : withChildren(group, children)
}

function unknownMember(group: string, member: string): BringupError {
  return new BringupError(
    'REFUSED',
    `group ${group} is to hold ${member}, which is neither declared nor in the cluster`,
    {
      remedy: `Declare ${member} under resources, or correct its name in the group.`,
    },
  )
}

function takenId(id: string): BringupError {
  return new BringupError('REFUSED', `a group cannot have the id ${id}: something else in the CIB has it`, {
    remedy: 'Give the group another id.',
  })
}
