import { appended, child, element, elements, isElement, replaced, withChildren } from '../xml.ts'
import type { XmlElement, XmlNode } from '../xml.ts'
import { reconcileSet } from './attribute_set.ts'
import { generationOf, roleWord } from './generation.ts'
import { idsOf } from './ids.ts'
import { allResources, swapped } from './resource_tree.ts'
import { sectionOf, withSection } from './sections.ts'

/**
 * Pure edits of a CIB, each as the command of Pacemaker that stands beside it would do it: for simulating a change
 * beforehand. A name that the CIB does not have leaves it as it is.
 */

/** A CIB in which a node is in standby, or not any more: `crm_attribute --name standby`, of both lifetimes. */
export function withStandby(cib: XmlElement, node: string, on = true): XmlElement {
  const lasting = withNodeAttribute(cib, node, 'standby', on ? 'on' : null)
  return on ? lasting : withoutTransient(lasting, node, (name) => name === 'standby')
}

/** `crm_attribute --name maintenance-mode`. */
export function withClusterMaintenance(cib: XmlElement, on: boolean): XmlElement {
  return inSection(cib, 'crm_config', (section) => {
    const wanted = {
      tag: 'cluster_property_set',
      id: 'cib-bootstrap-options',
      values: { 'maintenance-mode': on ? 'true' : null },
      subject: 'property',
      claim: idsOf(cib),
    }
    return reconcileSet(section, wanted).element
  })
}

/** `crm_attribute --node NODE --name maintenance`. */
export function withNodeMaintenance(cib: XmlElement, node: string, on: boolean): XmlElement {
  return withNodeAttribute(cib, node, 'maintenance', on ? 'true' : null)
}

/** `crm_resource --meta --set-parameter maintenance`. */
export function withResourceMaintenance(cib: XmlElement, resource: string, on: boolean): XmlElement {
  return inSection(cib, 'resources', (section) => {
    const found = allResources(section).find(({ attributes }) => attributes.id === resource)
    if (found === undefined) return section
    const { element: next } = reconcileSet(found, {
      tag: 'meta_attributes',
      id: `${resource}-meta_attributes`,
      values: { maintenance: on ? 'true' : null },
      subject: resource,
      claim: idsOf(cib),
    })
    return swapped(section, found, next)
  })
}

/** What a resource is drawn to, or kept off; `promoted` where it is the place of its promoted instance. */
export interface Drawn {
  readonly resource: string
  readonly node: string
  readonly promoted: boolean
}

/** `crm_resource --move --node`: it takes away what kept the resource off that node, and what drew it to another. */
export function withPreference(cib: XmlElement, { resource, node, promoted }: Drawn): XmlElement {
  const role = roleWord(promoted ? 'Promoted' : 'Started', generationOf(cib))
  const gone = new Set([`cli-prefer-${resource}`, `cli-ban-${resource}-on-${node}`])
  const attributes = { id: `cli-prefer-${resource}`, rsc: resource, role, node, score: 'INFINITY' }
  return withLocation(
    withoutConstraints(cib, ({ id }) => gone.has(id)),
    attributes,
  )
}

/** `crm_resource --ban --node`. */
export function withBan(cib: XmlElement, { resource, node, promoted }: Drawn): XmlElement {
  const role = roleWord(promoted ? 'Promoted' : 'Started', generationOf(cib))
  const id = `cli-ban-${resource}-on-${node}`
  return withLocation(
    withoutConstraints(cib, (one) => one.id === id),
    { id, rsc: resource, role, node, score: '-INFINITY' },
  )
}

/** `crm_resource --clear`: without the constraints of moves and bans of a resource. */
export function withoutMoves(cib: XmlElement, resource: string): XmlElement {
  return withoutConstraints(cib, (one) => isMoveOf(one, resource))
}

/** Whether a constraint is one that `crm_resource --move` or `--ban` of this resource leaves. */
export const isMoveOf = (
  constraint: { readonly id: string; readonly resource: string },
  resource: string,
): boolean =>
  constraint.resource === resource &&
  (constraint.id === `cli-prefer-${resource}` || constraint.id.startsWith(`cli-ban-${resource}-on-`))

/**
 * `crm_resource --cleanup`: without failures and their counts. What else is known of the resources stays: the cluster
 * would look at them again, and mostly find the same.
 *
 * @param of of which resources (primitives) and nodes; all where undefined
 */
export function withoutFailures(
  cib: XmlElement,
  of: { readonly resources?: ReadonlySet<string> | undefined; readonly node?: string | undefined },
): XmlElement {
  const status = child(cib, 'status')
  if (status === undefined) return cib
  const isMeant = (instance: string): boolean =>
    of.resources === undefined || of.resources.has(instance.replace(/:\d+$/, ''))
  const next = elements(status, 'node_state').reduce((section, state) => {
    if (of.node !== undefined && state.attributes.uname !== of.node) return section
    return replaced(
      section,
      state,
      without(state, (node) => {
        const { id = '', name = '' } = node.attributes
        if (node.name === 'nvpair') {
          const counted = FAILURE_ATTRIBUTE.exec(name)?.[1]
          return counted !== undefined && isMeant(counted)
        }
        const failed = /^(.+)_last_failure_0$/.exec(id)?.[1]
        return node.name === 'lrm_rsc_op' && failed !== undefined && isMeant(failed)
      }),
    )
  }, status)
  return replaced(cib, status, next)
}

/** `fail-count-vip#start_0` from Pacemaker 2 on, `fail-count-vip` before; the same of `last-failure-`. */
export const FAILURE_ATTRIBUTE = /^(?:fail-count|last-failure)-(.+?)(?:#\w+_\d+)?$/

function withNodeAttribute(
  cib: XmlElement,
  name: string,
  attribute: string,
  value: string | null,
): XmlElement {
  return inSection(cib, 'nodes', (section) => {
    const node = elements(section, 'node').find(({ attributes }) => attributes.uname === name)
    if (node === undefined) return section
    const { element: next } = reconcileSet(node, {
      tag: 'instance_attributes',
      id: `nodes-${node.attributes.id}`,
      values: { [attribute]: value },
      subject: name,
      claim: idsOf(cib),
    })
    return replaced(section, node, next)
  })
}

/** Attributes that last until the node's next start. */
function withoutTransient(cib: XmlElement, node: string, isMeant: (name: string) => boolean): XmlElement {
  const status = child(cib, 'status')
  const state = status && elements(status, 'node_state').find(({ attributes }) => attributes.uname === node)
  const held = state && child(state, 'transient_attributes')
  if (status === undefined || state === undefined || held === undefined) return cib
  const next = without(held, (one) => one.name === 'nvpair' && isMeant(one.attributes.name ?? ''))
  return replaced(cib, status, replaced(status, state, replaced(state, held, next)))
}

function withLocation(cib: XmlElement, attributes: Readonly<Record<string, string>>): XmlElement {
  return inSection(cib, 'constraints', (section) => appended(section, element('rsc_location', attributes)))
}

function withoutConstraints(
  cib: XmlElement,
  isMeant: (constraint: { readonly id: string; readonly resource: string }) => boolean,
): XmlElement {
  return inSection(cib, 'constraints', (section) => {
    const gone = elements(section, 'rsc_location').filter(({ attributes: { id = '', rsc = '' } }) =>
      isMeant({ id, resource: rsc }),
    )
    return gone.reduce((left, one) => replaced(left, one, undefined), section)
  })
}

function without(parent: XmlElement, isGone: (node: XmlElement) => boolean): XmlElement {
  return withChildren(
    parent,
    parent.children.flatMap((node): XmlNode[] =>
      !isElement(node) ? [node] : isGone(node) ? [] : [without(node, isGone)],
    ),
  )
}

function inSection(cib: XmlElement, name: string, edit: (section: XmlElement) => XmlElement): XmlElement {
  const configuration = child(cib, 'configuration')
  if (configuration === undefined) return cib
  const next = withSection(configuration, edit(sectionOf(configuration, name)))
  return next === configuration ? cib : replaced(cib, configuration, next)
}
