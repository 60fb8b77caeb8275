import { child, elements } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import { cibFields } from '../schema.ts'
import type { Cib } from '../schema.ts'
import type { Attributes } from '../value_schema.ts'
import { readAttributes } from './read_sets.ts'
import type { Reading } from './read_sets.ts'
import { elementText, pairText, unknownIn } from './unsaid.ts'
import type { Unsaid } from './unsaid.ts'

/** Properties that the cluster writes itself, of what it is and of what happened. */
const ITS_OWN = new Set([
  'cluster-infrastructure',
  'cluster-name',
  'dc-version',
  'have-watchdog',
  'last-lrm-refresh',
])

const READ = ['crm_config', 'rsc_defaults', 'op_defaults', 'nodes', 'resources', 'constraints', 'fencing-topology']

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
    } else unsaid(`fencing level ${index} of ${target || known.join(' ')}: ${devices}`)
  }
  return Object.keys(levels).length === 0 ? undefined : levels
}

/** What stands in other sections, and by the nodes: no part of a declaration. */
export function readRest(configuration: XmlElement, unsaid: Unsaid): void {
  for (const node of elements(child(configuration, 'nodes') ?? configuration, 'node')) {
    const { uname = '' } = node.attributes
    for (const set of elements(node)) {
      const what = set.name === 'instance_attributes' ? 'attribute' : set.name
      for (const { attributes } of elements(set, 'nvpair')) {
        unsaid(`node ${uname}: ${what} ${pairText(attributes.name ?? '', attributes.value ?? '')}`)
      }
    }
    for (const text of unknownIn(node, ['uname', 'type'], ['instance_attributes', 'utilization'])) {
      unsaid(`node ${uname}: ${text}`)
    }
  }
  for (const text of unknownIn(configuration, [], elements(configuration).map(({ name }) => name))) unsaid(text)
  for (const section of elements(configuration).filter(({ name }) => !READ.includes(name))) {
    for (const node of elements(section)) unsaid(elementText(node))
  }
}
