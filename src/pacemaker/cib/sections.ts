import { appended, child, element, elements, replaced } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { readSets, reconcileSet } from './attribute_set.ts'
import type { Context } from './context.ts'
import type { Difference } from './difference.ts'
import { sameMeaning } from './meaning.ts'
import type { Attributes } from './value_schema.ts'

/** What a purge must leave: properties that the cluster keeps itself, and the brakes that an operator put on by hand. */
const KEPT = new Set([
  'cluster-infrastructure',
  'cluster-name',
  'dc-version',
  'have-watchdog',
  'last-lrm-refresh',
  'stonith-watchdog-timeout',
  'fencing-watchdog-timeout',
  'maintenance-mode',
  'stop-all-resources',
])

/** A section of the configuration; an empty one where the CIB has none. */
export function sectionOf(configuration: XmlElement, name: string): XmlElement {
  return child(configuration, name) ?? element(name)
}

/** The configuration with a section in its place, or at the end where there was none and it now holds something. */
export function withSection(configuration: XmlElement, section: XmlElement): XmlElement {
  const live = child(configuration, section.name)
  if (live === section) return configuration
  if (live !== undefined) return replaced(configuration, live, section)
  return section.children.length === 0 ? configuration : appended(configuration, section)
}

interface Plan {
  configuration: XmlElement
  differences: Difference[]
}

export function reconcileProperties(configuration: XmlElement, values: Attributes, context: Context): Plan {
  const { element: section, differences } = reconcileSet(sectionOf(configuration, 'crm_config'), {
    tag: 'cluster_property_set',
    id: 'cib-bootstrap-options',
    values,
    subject: 'property',
    same: sameMeaning,
    claim: context.claim,
    ...(context.purge && { purge: (name: string) => !KEPT.has(name) }),
  })
  return { configuration: withSection(configuration, section), differences }
}

/** Defaults of resources (`rsc_defaults`) or operations (`op_defaults`); a purge leaves them, as they are no section of its own. */
export function reconcileDefaults(
  configuration: XmlElement,
  name: 'rsc_defaults' | 'op_defaults',
  values: Attributes,
  context: Context,
): Plan {
  const { element: section, differences } = reconcileSet(sectionOf(configuration, name), {
    tag: 'meta_attributes',
    id: `${name}-meta_attributes`,
    values,
    subject: name === 'rsc_defaults' ? 'resource default' : 'operation default',
    same: sameMeaning,
    claim: context.claim,
  })
  return { configuration: withSection(configuration, section), differences }
}

/** What an operation's timeout is where it has none: the operation defaults', or pacemaker's own 20 seconds. */
export function defaultTimeout(configuration: XmlElement): string {
  return readSets(child(configuration, 'op_defaults'), 'meta_attributes').get('timeout') ?? '20s'
}

/** The fencing levels of the nodes that are mentioned; with `purge` those of the others go. */
export function reconcileLevels(
  configuration: XmlElement,
  wanted: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> | undefined,
  context: Context,
): Plan {
  if (wanted === undefined) return { configuration, differences: [] }
  const differences: Difference[] = []
  let section = sectionOf(configuration, 'fencing-topology')
  const note = (action: Difference['action'], target: string, text: string) =>
    differences.push({ action, subject: `fencing of ${target}`, text: `fencing of ${target}: ${text}` })
  const find = (target: string, index: string) =>
    elements(section, 'fencing-level').find(
      ({ attributes }) => attributes.target === target && Number(attributes.index) === Number(index),
    )

  for (const [target, levels] of Object.entries(wanted)) {
    for (const [index, list] of Object.entries(levels)) {
      const devices = list.join(',')
      const live = find(target, index)
      if (!live) {
        const id = context.claim(`fl-${target}-${index}`)
        section = appended(section, element('fencing-level', { index, devices, target, id }))
        note('create', target, `level ${index} ${devices}`)
      } else if (live.attributes.devices?.replaceAll(' ', '') !== devices) {
        const before = live.attributes.devices ?? ''
        section = replaced(section, live, { ...live, attributes: { ...live.attributes, devices } })
        note('change', target, `level ${index} ${before} → ${devices}`)
      }
    }
  }
  if (context.purge) {
    for (const live of elements(section, 'fencing-level')) {
      const { target = '', index = '' } = live.attributes
      if (wanted[target]?.[String(Number(index))] !== undefined) continue
      section = replaced(section, live, undefined)
      note('remove', target || (live.attributes.id ?? ''), `remove level ${index}`)
    }
  }
  return { configuration: withSection(configuration, section), differences }
}
