import { child, elements } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { cibFields } from '../schema.ts'
import type { Cib } from '../schema.ts'
import type { Attributes } from '../value_schema.ts'
import { readAttributes } from './read_sets.ts'
import type { Reading } from './read_sets.ts'
import { pairText, unknownIn } from './unsaid.ts'
import type { Unsaid } from './unsaid.ts'

/** Properties that the cluster writes itself, of what it is and of what happened. */
const ITS_OWN = new Set([
  'cluster-infrastructure',
  'cluster-name',
  'dc-version',
  'have-watchdog',
  'last-lrm-refresh',
])

const READ = ['crm_config', 'rsc_defaults', 'op_defaults', 'resources', 'constraints', 'fencing-topology']

export function readProperties(configuration: XmlElement, reading: Reading): Attributes {
  const section = child(configuration, 'crm_config')
  for (const text of section === undefined ? [] : unknownIn(section, [], ['cluster_property_set'])) {
    reading.unsaid(`property: ${text}`)
  }
  const skip = (name: string): boolean => ITS_OWN.has(name)
  return readAttributes(section, { tag: 'cluster_property_set', owner: 'property', skip }, reading)
}

export function readDefaults(
  configuration: XmlElement,
  name: 'rsc_defaults' | 'op_defaults',
  reading: Reading,
): Attributes {
  const section = child(configuration, name)
  for (const text of section === undefined ? [] : unknownIn(section, [], ['meta_attributes'])) {
    reading.unsaid(`${name}: ${text}`)
  }
  return readAttributes(section, { tag: 'meta_attributes', owner: name }, reading)
}

/** The fencing levels by node. Those of a pattern or of an attribute, and those of devices that are not said, are not. */
export function readLevels(
  configuration: XmlElement,
  said: ReadonlySet<string>,
  unsaid: Unsaid,
): Cib['stonith_levels'] {
  const section = child(configuration, 'fencing-topology')
  if (section === undefined) return undefined
  for (const text of unknownIn(section, [], ['fencing-level'])) unsaid(`fencing-topology: ${text}`)
  const levels: Record<string, Record<string, string[]>> = {}
  for (const level of elements(section, 'fencing-level')) {
    const { target = '', index = '', devices = '' } = level.attributes
    const list = devices.split(',').map((device) => device.trim())
    const number = String(Number(index))
    const known = unknownIn(level, ['target', 'index', 'devices'])
    const one = { [target]: { [number]: list } }
    const canBe = cibFields.stonith_levels.safeParse(one).success && list.every((device) => said.has(device))
    if (known.length === 0 && canBe && levels[target]?.[number] === undefined) {
      levels[target] = { ...levels[target], [number]: list }
    } else {
      const why = known.length === 0 ? '' : `, with ${known.join(', ')}`
      unsaid(`fencing level ${index} of ${target || 'several nodes'}: ${devices}${why}`)
    }
  }
  return Object.keys(levels).length === 0 ? undefined : levels
}

/** What stands in other sections, and by the nodes: no part of a declaration. */
export function readRest(configuration: XmlElement, unsaid: Unsaid): void {
  const sections = elements(configuration)
  for (const text of unknownIn(
    configuration,
    [],
    sections.map(({ name }) => name),
  ))
    unsaid(text)
  for (const section of sections) {
    if (section.name === 'nodes') readNodes(section, unsaid)
    else if (!READ.includes(section.name)) {
      for (const text of unknownIn(section, [])) unsaid(`${section.name}: ${text}`)
    }
  }
}

function readNodes(section: XmlElement, unsaid: Unsaid): void {
  for (const text of unknownIn(section, [], ['node'])) unsaid(`nodes: ${text}`)
  for (const node of elements(section, 'node')) {
    const owner = `node ${node.attributes.uname}`
    const sets = ['instance_attributes', 'utilization']
    for (const text of unknownIn(node, ['uname', 'type'], sets)) unsaid(`${owner}: ${text}`)
    for (const set of elements(node).filter(({ name }) => sets.includes(name))) {
      for (const text of unknownIn(set, ['score'], ['nvpair'])) unsaid(`${owner}: ${text}`)
      const what = set.name === 'utilization' ? 'utilization' : 'attribute'
      for (const { attributes } of elements(set, 'nvpair')) {
        unsaid(`${owner}: ${what} ${pairText(attributes.name ?? '', attributes.value ?? '')}`)
      }
    }
  }
}
