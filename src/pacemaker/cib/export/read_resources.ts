import { elements } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { isPromotable } from '../copies.ts'
import { modernMeta } from '../generation.ts'
import { agentOf } from '../primitive.ts'
import { groups as groupsSchema, resources as resourcesSchema } from '../resource_schema.ts'
import type { CloneWanted, GroupWanted, ResourceWanted } from '../resource_schema.ts'
import { isCloneElement, resourcesIn } from '../resource_tree.ts'
import { readOperations } from './read_operations.ts'
import { readAttributes } from './read_sets.ts'
import type { Reading } from './read_sets.ts'
import { elementText, unknownIn } from './unsaid.ts'

export interface ReadResources {
  readonly resources: ResourceWanted[]
  readonly groups: Record<string, GroupWanted>
}

type Copies = Pick<ResourceWanted, 'clone' | 'promotable'>

const INSIDE = ['primitive', 'group', 'clone', 'master']

/** The resources of a CIB as they would be declared: primitives, groups of them, and clones around either. */
export function readResources(section: XmlElement, reading: Reading): ReadResources {
  const found: ReadResources = { resources: [], groups: {} }
  for (const text of unknownIn(section, [], INSIDE)) reading.unsaid(`resources: ${text}`)
  for (const outer of resourcesIn(section).filter(({ name }) => INSIDE.includes(name))) {
    if (isCloneElement(outer)) readClone(outer, found, reading)
    else readResource(outer, found, reading, {})
  }
  return found
}

function readResource(node: XmlElement, found: ReadResources, reading: Reading, copies: Copies): void {
  if (node.name === 'primitive') {
    const primitive = readPrimitive(node, reading, copies)
    if (primitive !== undefined) found.resources.push(primitive)
    return
  }
  const id = node.attributes.id ?? ''
  const owner = `group ${id}`
  const members = elements(node, 'primitive').flatMap((member) => readPrimitive(member, reading, {}) ?? [])
  for (const text of unknownIn(node, [], ['primitive', 'meta_attributes']))
    reading.unsaid(`${owner}: ${text}`)
  const meta = readAttributes(node, { tag: 'meta_attributes', owner }, reading)
  const group = { resources: members.map((member) => member.id), meta, ...copies }
  found.resources.push(...members)
  if (groupsSchema.safeParse({ [id]: group }).success) found.groups[id] = group
  else reading.unsaid(`${owner}, with nothing in it that can be declared`)
}

function readClone(node: XmlElement, found: ReadResources, reading: Reading): void {
  const owner = elementText(node)
  const inside = resourcesIn(node).filter(({ name }) => name === 'primitive' || name === 'group')
  for (const text of unknownIn(node, [], ['primitive', 'group', 'meta_attributes'])) {
    reading.unsaid(`${owner}: ${text}`)
  }
  const promotable = isPromotable(node)
  const meta = readAttributes(
    node,
    {
      tag: 'meta_attributes',
      owner,
      modernName: modernMeta,
      skip: (name) => promotable && name === 'promotable',
    },
    reading,
  )
  const clone: CloneWanted = { id: node.attributes.id, meta }
  for (const one of inside) readResource(one, found, reading, promotable ? { promotable: clone } : { clone })
}

function readPrimitive(node: XmlElement, reading: Reading, copies: Copies): ResourceWanted | undefined {
  const owner = node.attributes.id ?? ''
  const agent = agentOf(node)
  const base = { id: owner, agent: agent ?? '', ...copies }
  if (node.attributes.template !== undefined || !resourcesSchema.safeParse([base]).success) {
    const made = node.attributes.template ?? agent
    reading.unsaid(`resource ${owner}, which is made from ${made}`)
    return undefined
  }
  const known = ['instance_attributes', 'meta_attributes', 'operations']
  for (const text of unknownIn(node, ['class', 'provider', 'type'], known)) {
    reading.unsaid(`${owner}: ${text}`)
  }
  const options = readAttributes(node, { tag: 'instance_attributes', owner }, reading)
  const meta = readAttributes(node, { tag: 'meta_attributes', owner: `${owner} meta` }, reading)
  const operations = readOperations(node, owner, reading)
  return { ...base, options, meta, operations }
}
