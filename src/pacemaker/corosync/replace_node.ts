import type { ClusterNode } from './cluster_schema.ts'
import { parseConf, renderConf, sections, value } from './conf.ts'
import type { Entry, Section } from './conf.ts'

/**
 * corosync.conf with another node in the place of one; all else stays. The new one gets an id that no node has: where a
 * name takes over the id of another, Pacemaker's controller may go on with the old name, and keep the new one out ("share
 * the same cluster nodeid"; seen with 2.1.5). Files that give nodes no names (pcs 0.9) have them as addresses.
 */
export function withNodeReplaced(text: string, remove: string, add: ClusterNode): string {
  const conf = parseConf(text)
  const all = sections(conf, 'nodelist').flatMap((list) => sections(list, 'node'))
  const ids = all.map((node) => Number(value(node, 'nodeid') ?? 0))
  const isOld = (node: Section): boolean => (value(node, 'name') ?? value(node, 'ring0_addr')) === remove
  const replace = (node: Section): Section => {
    const isNamed = value(node, 'name') !== undefined
    const rings = isNamed ? add.addresses : [add.name, ...add.addresses.slice(1)]
    const entries: Entry[] = rings.map((address, ring) => ({ key: `ring${ring}_addr`, value: address }))
    if (isNamed) entries.push({ key: 'name', value: add.name })
    entries.push({ key: 'nodeid', value: String(Math.max(...ids) + 1) })
    return { name: 'node', entries }
  }
  return renderConf(
    within(conf, 'nodelist', (list) => within(list, 'node', (node) => (isOld(node) ? replace(node) : node))),
  )
}

/** A section with those of one name in it changed. */
function within(parent: Section, name: string, change: (section: Section) => Section): Section {
  const entries = parent.entries.map((entry) =>
    'name' in entry && entry.name === name ? change(entry) : entry,
  )
  return { name: parent.name, entries }
}
