import { BringupError } from '../../errors.ts'
import { didYouMean } from '../../nearest.ts'
import type { NodeStatus } from '../../pacemaker/crm_mon.ts'
import { boolean } from '../../pacemaker/cib/meaning.ts'
import { readSets } from '../../pacemaker/cib/attribute_set.ts'
import { allResources, findResource, isCloneElement } from '../../pacemaker/cib/resource_tree.ts'
import { sectionOf } from '../../pacemaker/cib/sections.ts'
import { child, element } from '../../pacemaker/xml.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'
import type { ClusterState } from './change.ts'

const resourcesOf = (cib: XmlElement): XmlElement =>
  sectionOf(child(cib, 'configuration') ?? element('configuration'), 'resources')

/** @throws BringupError REFUSED with the nearest name */
export function nodeNamed({ status }: Pick<ClusterState, 'status'>, name: string): NodeStatus {
  const found = status.nodes.find((node) => node.name === name)
  if (found !== undefined) return found
  const names = status.nodes.map((node) => node.name)
  throw unknown('node', name, names)
}

/** A resource of a CIB, with what it stands in and what it holds. */
export interface NamedResource {
  readonly node: XmlElement
  /** The group, clone or bundle around it. */
  readonly within: XmlElement | undefined
  /** Ids of the primitives that it holds; its own, where it is one. */
  readonly members: ReadonlySet<string>
  /** Of a clone: whether it has promoted instances. */
  readonly promotable: boolean
}

/** @throws BringupError REFUSED with the nearest name */
export function resourceNamed({ cib }: Pick<ClusterState, 'cib'>, name: string): NamedResource {
  const section = resourcesOf(cib)
  const found = findResource(section, name)
  if (found === undefined)
    throw unknown(
      'resource',
      name,
      allResources(section).map(({ attributes }) => attributes.id ?? ''),
    )
  const { node, parent } = found
  const inner = [node, ...allResources(node)].filter(({ name: tag }) => tag === 'primitive')
  const promotable = boolean(readSets(node, 'meta_attributes').get('promotable') ?? 'false') === true
  return {
    node,
    within: parent === section ? undefined : parent,
    members: new Set(inner.map(({ attributes }) => attributes.id ?? '')),
    promotable: node.name === 'master' || (isCloneElement(node) && promotable),
  }
}

/** The agents of all primitives, as `ocf:linbit:drbd`. */
export function hasDrbd(cib: XmlElement): boolean {
  return allResources(resourcesOf(cib)).some(
    ({ attributes: { provider, type } }) => provider === 'linbit' && type === 'drbd',
  )
}

/** Of a wish that a part can not be given alone. @param command words of `bringup cluster` before the name */
export function partOf(resource: string, within: XmlElement, so: string, command: string): BringupError {
  const kind = within.name === 'master' ? 'clone' : within.name
  const { id = '' } = within.attributes
  return new BringupError('REFUSED', `${resource} is part of the ${kind} ${id}, ${so}`, {
    remedy: `Name the whole: bringup cluster ${command} ${id}.`,
  })
}

function unknown(what: 'node' | 'resource', name: string, known: readonly string[]): BringupError {
  return new BringupError('REFUSED', `the cluster has no ${what} ${name}${didYouMean(name, known)}`, {
    expected: known.length === 0 ? `a ${what}, and there is none` : `one of ${known.join(', ')}`,
    remedy: `Name the ${what} as the cluster does: bringup status shows all of them.`,
  })
}
