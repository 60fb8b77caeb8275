import { BringupError } from '../../../errors.ts'
import { child, elements } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { allResources, findResource, isCloneElement } from '../resource_tree.ts'

/** The id that a constraint on a resource must name; undefined where there is no such resource. */
export type Resolve = (id: string) => string | undefined

/**
 * Constraints name the clone, not what is cloned, so a cloned resource's own id is taken for its clone's; and
 * `drbd-clone` or `drbd-master`, which is what pcs would call it, for the clone's real id if another tool named it.
 */
export function resolver(configuration: XmlElement): Resolve {
  const section = child(configuration, 'resources') ?? { name: 'resources', attributes: {}, children: [] }
  const outermost = new Map<string, string>()
  for (const node of allResources(section)) {
    const id = node.attributes.id ?? ''
    if (!outermost.has(id)) outermost.set(id, id)
    if (!isCloneElement(node)) continue
    const inside = allResources(node)[0]?.attributes.id
    if (inside === undefined) continue
    outermost.set(inside, id)
    for (const usual of [`${inside}-clone`, `${inside}-master`]) {
      if (findResource(section, usual) === undefined) outermost.set(usual, id)
    }
  }
  const others = [
    ...elements(section, 'template'),
    ...elements(child(configuration, 'tags') ?? section, 'tag'),
  ]
  for (const { attributes } of others) {
    if (attributes.id !== undefined && !outermost.has(attributes.id))
      outermost.set(attributes.id, attributes.id)
  }
  return (id) => outermost.get(id)
}

/** @throws BringupError REFUSED for a resource that is neither declared nor in the cluster */
export function resolved(id: string, resolve: Resolve, constraint: string): string {
  const found = resolve(id)
  if (found !== undefined) return found
  throw new BringupError('REFUSED', `${constraint}: there is no resource ${id}`, {
    remedy: `Declare ${id} under resources, or correct its name in the constraint.`,
  })
}
