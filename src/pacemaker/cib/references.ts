import { BringupError } from '../../errors.ts'
import { child, elements, walk } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { allResources } from './resource_tree.ts'
import { sectionOf } from './sections.ts'

/** Attributes of the sections that follow the resources which name one, or several with commas between. */
const NAMING = new Set(['rsc', 'with-rsc', 'first', 'then', 'devices', 'reference'])
const SECTIONS = ['constraints', 'fencing-topology', 'tags', 'acls']

/**
 * A resource that goes must not be named by what stays: pacemaker would refuse the whole CIB, and behind a temporary
 * constraint (`cli-…`, `drbd-fence-by-handler-…`) stands something that is still going on.
 *
 * @throws BringupError REFUSED naming both
 */
export function refuseDangling(before: XmlElement, after: XmlElement): void {
  const ids = (configuration: XmlElement) =>
    new Set(allResources(sectionOf(configuration, 'resources')).map((node) => node.attributes.id))
  const still = ids(after)
  const gone = new Set([...ids(before)].filter((id) => !still.has(id)))
  if (gone.size === 0) return
  for (const name of SECTIONS) {
    const section = child(after, name)
    if (section === undefined) continue
    for (const outer of elements(section)) {
      const missing = namedIn(outer).find((id) => gone.has(id))
      if (missing === undefined) continue
      const what = `${outer.name.replace(/^rsc_/, '')} ${outer.attributes.id ?? ''}`
      throw new BringupError('REFUSED', `${missing} is to be removed, and ${what} still names it`, {
        seen: `${what} in ${name}`,
        remedy: `See why it is there, then remove it (pcs resource clear, pcs constraint remove) or keep ${missing}.`,
      })
    }
  }
}

function namedIn(outer: XmlElement): string[] {
  return [...walk(outer)].flatMap(({ name, attributes }) => {
    const listed = Object.entries(attributes).filter(([key]) => NAMING.has(key))
    const ids = listed.flatMap(([, value]) => value.split(/[ ,]+/))
    return name === 'obj_ref' || name === 'resource_ref' ? [...ids, attributes.id ?? ''] : ids
  })
}
