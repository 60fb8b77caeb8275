import { element, withAttributes } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { reconcileSet } from './attribute_set.ts'
import type { Context } from './context.ts'
import type { Difference } from './difference.ts'
import { sameMeaning } from './meaning.ts'
import { reconcileOperations } from './operations.ts'
import type { ResourceWanted } from './resource_schema.ts'

/** Meta attributes by which an operator holds a resource by hand; they stay unless they are mentioned, purge or not. */
const OPERATORS_META = new Set(['target-role', 'is-managed', 'maintenance'])

export function purgesMeta(name: string): boolean {
  return !OPERATORS_META.has(name)
}

/** A primitive as wanted, new where there is none. */
export function reconcilePrimitive(
  live: XmlElement | undefined,
  wanted: ResourceWanted,
  context: Context,
): { element: XmlElement; differences: Difference[] } {
  const subject = wanted.id
  const isNew = live === undefined
  const differences: Difference[] = []
  let result = live ?? element('primitive', { id: wanted.id, ...agentAttributes(wanted.agent) })

  const before = agentOf(result)
  if (before !== undefined && before !== wanted.agent) {
    result = withAttributes(result, { provider: undefined, ...agentAttributes(wanted.agent) })
    const text = `${subject}: agent ${before} → ${wanted.agent} (it is stopped, and started anew)`
    differences.push({ action: 'change', subject, text })
  }
  const options = reconcileSet(result, {
    tag: 'instance_attributes',
    id: `${wanted.id}-instance_attributes`,
    values: wanted.options,
    subject,
    claim: context.claim,
    ...(context.purge && { purge: () => true }),
  })
  const meta = reconcileSet(options.element, {
    tag: 'meta_attributes',
    id: `${wanted.id}-meta_attributes`,
    values: wanted.meta,
    subject: `${subject}: meta`,
    same: sameMeaning,
    claim: context.claim,
    ...(context.purge && { purge: purgesMeta }),
  })
  const operations = reconcileOperations(meta.element, wanted.operations, wanted.agent, isNew, context)
  if (isNew) {
    const text = `create resource ${wanted.id} (${wanted.agent})`
    return { element: operations.element, differences: [{ action: 'create', subject, text }] }
  }
  differences.push(...options.differences, ...meta.differences, ...operations.differences)
  return { element: operations.element, differences: differences.map((one) => ({ ...one, subject })) }
}

/** `ocf:heartbeat:IPaddr2`; undefined for a primitive made from a template, whose agent stands there. */
export function agentOf({ attributes }: XmlElement): string | undefined {
  if (attributes.class === undefined) return undefined
  return [attributes.class, attributes.provider, attributes.type]
    .filter((part) => part !== undefined)
    .join(':')
}

/** The attributes that say which agent; a systemd unit's name may hold colons of its own. */
function agentAttributes(agent: string): { class: string; provider?: string; type: string } {
  const [standard = '', ...rest] = agent.split(':')
  if (standard !== 'ocf') return { class: standard, type: rest.join(':') }
  return { class: standard, provider: rest[0] ?? '', type: rest.slice(1).join(':') }
}
