import { appended, element, elements, isElement, withChildren } from '../xml.ts'
import type { XmlElement, XmlNode } from '../xml.ts'

const RESOURCES = new Set(['primitive', 'group', 'clone', 'master', 'bundle'])

/** Whether an element is a resource, or a wrapper around resources. */
function isResource(node: XmlElement): boolean {
  return RESOURCES.has(node.name)
}

export function isCloneElement(node: XmlElement): boolean {
  return node.name === 'clone' || node.name === 'master'
}

/** The resource elements directly inside another. */
export function resourcesIn(parent: XmlElement): XmlElement[] {
  return elements(parent).filter(isResource)
}

export interface Found {
  readonly node: XmlElement
  /** The `resources` section, a group, a clone or a bundle. */
  readonly parent: XmlElement
}

/** Finds a resource by its id, anywhere in the section. */
export function findResource(section: XmlElement, id: string): Found | undefined {
  for (const node of resourcesIn(section)) {
    if (node.attributes.id === id) return { node, parent: section }
    const inner = findResource(node, id)
    if (inner) return inner
  }
  return undefined
}

/** Every resource of the section, outer before inner. */
export function allResources(section: XmlElement): XmlElement[] {
  return resourcesIn(section).flatMap((node) => [node, ...allResources(node)])
}

/** Puts another element in the place of one, wherever it is; `undefined` takes it out. */
export function swapped(section: XmlElement, old: XmlElement, next: XmlElement | undefined): XmlElement {
  if (section === old) return next ?? section
  let changed = false
  const children = section.children.flatMap((node): XmlNode[] => {
    if (!isElement(node)) return [node]
    if (node === old) {
      changed = true
      return next === undefined ? [] : [next]
    }
    const inner = swapped(node, old, next)
    if (inner !== node) changed = true
    return [inner]
  })
  return changed ? withChildren(section, children) : section
}

/** Takes a resource out, and with it a group or clone that nothing would be left in. */
export function takenOut(section: XmlElement, id: string): { section: XmlElement; emptied: XmlElement[] } {
  const found = findResource(section, id)
  if (!found) return { section, emptied: [] }
  const { node, parent } = found
  if (parent === section || resourcesIn(parent).length > 1) {
    return { section: swapped(section, node, undefined), emptied: [] }
  }
  const outer = takenOut(section, parent.attributes.id ?? '')
  return { section: outer.section, emptied: [parent, ...outer.emptied] }
}

/** Puts resources at the end of the section or of a group, in front of what is no resource (a clone's attributes). */
export function putInto(parent: XmlElement, ...resources: XmlElement[]): XmlElement {
  if (parent.name === 'resources') return appended(parent, ...resources)
  const last = parent.children.findLastIndex((node) => isElement(node) && isResource(node))
  return withChildren(parent, parent.children.toSpliced(last + 1, 0, ...resources))
}

/** Wraps a resource where it is. */
export function wrapped(section: XmlElement, node: XmlElement, name: string, id: string): XmlElement {
  return swapped(section, node, element(name, { id }, [node]))
}
