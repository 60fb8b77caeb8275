import { readSets } from './cib/attribute_set.ts'
import { boolean, milliseconds } from './cib/meaning.ts'
import { allResources } from './cib/resource_tree.ts'
import { child, elements } from './xml.ts'
import type { XmlElement } from './xml.ts'

/**
 * What an operator should hear about a cluster's configuration although the cluster takes it: two lines each, what it
 * is and what it means on a bad day. Ask it of the CIB as it will be.
 */
export function cibWarnings(cib: XmlElement): string[] {
  const configuration = child(cib, 'configuration')
  const properties = readSets(child(configuration, 'crm_config'), 'cluster_property_set')
  const nodes = elements(child(configuration, 'nodes') ?? cib, 'node').filter(
    (node) => node.attributes.type === undefined || node.attributes.type === 'member',
  )
  const section = child(configuration, 'resources')
  const devices = (section === undefined ? [] : allResources(section)).filter(
    (node) => node.attributes.class === 'stonith',
  )
  const enabled = properties.get('fencing-enabled') ?? properties.get('stonith-enabled') ?? 'true'
  const fencing = boolean(enabled) !== false
  const warnings: string[] = []
  if (!fencing) {
    warnings.push(
      'stonith-enabled=false: a node that no longer answers is taken for dead, without being made sure of.\n' +
        'If it lives on behind a broken network, both nodes run the same resources: two holders of one address, or data written on both sides.',
    )
  }
  if (properties.get('no-quorum-policy') === 'ignore') {
    warnings.push(
      'no-quorum-policy=ignore: every part of a split cluster goes on as if it were the whole.\n' +
        'corosync already gives two nodes a quorum of one (two_node); with it, leave this property out.',
    )
  }
  if (fencing && nodes.length === 2 && devices.length > 0 && !hasDelay(properties, devices)) {
    warnings.push(
      'Two nodes with fencing and no delay: when the network between them breaks, each fences the other at once.\n' +
        'Set priority-fencing-delay, or pcmk_delay_base on the device of the node that is to survive.',
    )
  }
  return [...warnings, ...nodes.flatMap(standby), ...unknownNodes(configuration, nodes)]
}

/** Asked for by somebody, who may have forgotten it, or may have died (as the controller of a drill) before its end. */
function standby(node: XmlElement): string[] {
  if (boolean(readSets(node, 'instance_attributes').get('standby') ?? '') !== true) return []
  const name = node.attributes.uname
  return [
    `${name} is in standby: nothing runs there, and nothing that fails elsewhere finds a place there.\n` +
      `Where nobody wants that any more: crm_standby --delete --node ${name}`,
  ]
}

function hasDelay(properties: ReadonlyMap<string, string>, devices: readonly XmlElement[]): boolean {
  const isSome = (text: string | undefined) => text !== undefined && milliseconds(text) !== 0
  if (isSome(properties.get('priority-fencing-delay'))) return true
  return devices.some((device) => {
    const options = readSets(device, 'instance_attributes')
    return isSome(options.get('pcmk_delay_base')) || isSome(options.get('pcmk_delay_max'))
  })
}

/** Pacemaker takes a constraint on a node that does not exist, and never says a word about it. */
function unknownNodes(configuration: XmlElement | undefined, nodes: readonly XmlElement[]): string[] {
  if (configuration === undefined || nodes.length === 0) return []
  const all = elements(child(configuration, 'nodes') ?? configuration, 'node')
  const remotes = allResources(child(configuration, 'resources') ?? configuration).flatMap((node) => [
    node.attributes.type === 'remote' ? node.attributes.id : undefined,
    readSets(node, 'meta_attributes').get('remote-node'),
  ])
  const known = new Set([...all.map((node) => node.attributes.uname), ...remotes])
  const constraints = child(configuration, 'constraints')
  return elements(constraints ?? configuration, 'rsc_location')
    .filter(({ attributes }) => attributes.node !== undefined && !known.has(attributes.node))
    .map(
      ({ attributes }) =>
        `The constraint ${attributes.id} names the node ${attributes.node}, which the cluster does not know.\n` +
        'Until there is a node of that name it does nothing; is the name spelt as uname -n says?',
    )
}
