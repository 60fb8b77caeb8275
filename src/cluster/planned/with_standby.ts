import { reconcileSet } from '../../pacemaker/cib/attribute_set.ts'
import { idsOf } from '../../pacemaker/cib/ids.ts'
import { child, elements, replaced } from '../../pacemaker/xml.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'

/** A CIB in which a node is in standby, for a simulation; the same where it does not know the node. */
export function withStandby(cib: XmlElement, name: string): XmlElement {
  const configuration = child(cib, 'configuration')
  const nodes = child(configuration, 'nodes')
  if (configuration === undefined || nodes === undefined) return cib
  const node = elements(nodes, 'node').find(({ attributes }) => attributes.uname === name)
  if (node === undefined) return cib
  const { element: next } = reconcileSet(node, {
    tag: 'instance_attributes',
    id: `nodes-${node.attributes.id}`,
    values: { standby: 'on' },
    subject: name,
    claim: idsOf(cib),
  })
  return replaced(cib, configuration, replaced(configuration, nodes, replaced(nodes, node, next)))
}
