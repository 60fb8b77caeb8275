import { child, elements, walk } from '../../pacemaker/xml.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'

/**
 * Failures that the cluster counts against a node, as `vip (start): INFINITY`. They are attributes of its state, named
 * `fail-count-vip#start_0` from Pacemaker 2 on, and `fail-count-vip` before.
 */
export function failCounts(cib: XmlElement, node: string): string[] {
  const states = child(cib, 'status')
  const state = states && elements(states, 'node_state').find(({ attributes }) => attributes.uname === node)
  if (state === undefined) return []
  return [...walk(state)].flatMap(({ name: tag, attributes: { name = '', value = '' } }) => {
    const found = /^fail-count-(.+?)(?:#(\w+)_\d+)?$/.exec(name)
    if (tag !== 'nvpair' || found === null || value === '0') return []
    return [`${found[1]}${found[2] === undefined ? '' : ` (${found[2]})`}: ${value}`]
  })
}
