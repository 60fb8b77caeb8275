import { BringupError } from '../../errors.ts'
import type { XmlElement } from '../xml.ts'
import type { Context } from './context.ts'
import { reconcileCopies } from './copies.ts'
import type { Difference } from './difference.ts'
import { reconcileGroup } from './groups.ts'
import { reconcilePrimitive } from './primitive.ts'
import { allResources, findResource, putInto, resourcesIn, swapped, takenOut } from './resource_tree.ts'
import { groupMembers } from './schema.ts'
import type { Cib } from './schema.ts'

type Wanted = Pick<Cib, 'resources' | 'groups'>

/** The resources section as wanted: primitives, then the groups that they are in, then the clones around them. */
export function reconcileResources(
  live: XmlElement,
  wanted: Wanted,
  context: Context,
): { section: XmlElement; differences: Difference[] } {
  const differences: Difference[] = []
  let section = live
  const step = (next: { section: XmlElement; differences: readonly Difference[] }) => {
    section = next.section
    differences.push(...next.differences)
  }
  for (const resource of wanted.resources) {
    const found = findResource(section, resource.id)
    if (found !== undefined && found.node.name !== 'primitive') {
      throw new BringupError(
        'REFUSED',
        `${resource.id} is a ${found.node.name} in the cluster, and wanted as a resource`,
        { remedy: `Give the resource another id, or remove the ${found.node.name} by hand first.` },
      )
    }
    const primitive = reconcilePrimitive(found?.node, resource, context)
    step({
      section: found ? swapped(section, found.node, primitive.element) : putInto(section, primitive.element),
      differences: primitive.differences,
    })
  }
  const groups = groupMembers(wanted)
  for (const [id, members] of groups) {
    step(reconcileGroup(section, id, members, wanted.groups[id]?.meta ?? {}, context))
  }
  if (context.purge) step(purged(section, wanted, groups))
  for (const resource of wanted.resources) {
    const parent = findResource(section, resource.id)?.parent
    if (parent?.name === 'group') {
      if (resource.clone ?? resource.promotable) throw clonedInGroup(resource.id, parent)
      continue
    }
    step(reconcileCopies(section, resource.id, resource, context))
  }
  for (const id of groups.keys()) step(reconcileCopies(section, id, wanted.groups[id] ?? {}, context))
  return { section, differences }
}

/** Without the resources that are not wanted, and without the groups around those that are. */
function purged(live: XmlElement, wanted: Wanted, groups: ReadonlyMap<string, readonly string[]>) {
  const differences: Difference[] = []
  let section = live
  const declared = new Set(wanted.resources.map((resource) => resource.id))
  const grouped = new Set([...groups.values()].flat())
  for (const node of allResources(live)) {
    const id = node.attributes.id ?? ''
    const isGone =
      node.name === 'bundle' || (node.name === 'primitive' && !declared.has(id) && !grouped.has(id))
    if (!isGone || findResource(section, id) === undefined) continue
    section = takenOut(section, id).section
    differences.push({
      action: 'remove',
      subject: id,
      text: `remove ${node.name === 'bundle' ? 'bundle' : 'resource'} ${id}`,
    })
  }
  for (const node of allResources(section).filter((one) => one.name === 'group')) {
    const id = node.attributes.id ?? ''
    if (groups.has(id)) continue
    // Its members stand on their own from now on, and with the group goes the clone around it.
    const members = resourcesIn(node)
    for (const member of members) section = takenOut(section, member.attributes.id ?? '').section
    section = putInto(section, ...members)
    differences.push({
      action: 'remove',
      subject: id,
      text: `remove group ${id}, keeping ${members.map((one) => one.attributes.id).join(', ')}`,
    })
  }
  return { section, differences }
}

function clonedInGroup(id: string, group: XmlElement): BringupError {
  return new BringupError(
    'REFUSED',
    `${id} is to be a clone, and is a member of group ${group.attributes.id}`,
    {
      remedy: `Clone the group, or take ${id} out of it by hand first.`,
    },
  )
}
