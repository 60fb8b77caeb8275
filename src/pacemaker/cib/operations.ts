import { appended, child, element, elements, replaced, withAttributes } from '../xml.ts'
import type { XmlElement } from '../xml.ts'
import { reconcileSet } from './attribute_set.ts'
import type { Context } from './context.ts'
import type { Difference } from './difference.ts'
import { roleWord } from './generation.ts'
import { milliseconds, role, sameMeaning } from './meaning.ts'
import type { ResourceOperation } from './resource_schema.ts'

const ATTRIBUTES = ['interval', 'timeout', 'role', 'on-fail', 'start-delay', 'enabled'] as const

/** What pacemaker takes where the CIB says nothing ("Operation Properties" in Pacemaker Explained). */
const DEFAULTS: Partial<Record<string, string>> = {
  interval: '0',
  'start-delay': '0',
  enabled: 'true',
  role: 'Started',
}

/**
 * A primitive with its operations as wanted. A new primitive also gets the operations that its agent advises and that
 * nobody declared, as pcs does, since pacemaker itself does not read the advice: without it every start of a
 * filesystem or a DRBD would be given 20 seconds.
 */
export function reconcileOperations(
  primitive: XmlElement,
  wanted: readonly ResourceOperation[],
  agent: string,
  isNew: boolean,
  context: Context,
): { element: XmlElement; differences: Difference[] } {
  const subject = primitive.attributes.id ?? ''
  const advised = context.advice(agent)
  const differences: Difference[] = []
  let list = child(primitive, 'operations') ?? element('operations')
  const note = (action: Difference['action'], text: string) =>
    differences.push({ action, subject, text: `${subject}: ${text}` })

  const named = new Set(wanted.map((operation) => operation.name))
  // A fence device is started and stopped by pacemaker's own fencer; only its monitor is a matter of the CIB.
  const isFence = agent.startsWith('stonith:')
  const extra = (isNew ? (advised ?? []) : []).filter(
    ({ name }) => !named.has(name) && (!isFence || name === 'monitor'),
  )
  const settled = new Set<XmlElement>()
  const matches = matchOperations(elements(list, 'op'), wanted)
  for (const operation of [...wanted, ...extra]) {
    const live = matches.get(operation)
    if (live === undefined) {
      const timeout = operation.timeout ?? adviceFor(operation, advised)?.timeout
      const created = newOperation(subject, { ...operation, timeout }, context)
      list = appended(list, created)
      settled.add(created)
      note('create', `operation ${operationText(created)}`)
      continue
    }
    const { element: changed, changes } = changedOperation(subject, live, operation, context)
    settled.add(changes.length === 0 ? live : changed)
    if (changes.length === 0) continue
    list = replaced(list, live, changed)
    note('change', `operation ${operation.name} ${changes.join(', ')}`)
  }
  if (context.purge && !isNew) {
    for (const live of elements(list, 'op')) {
      if (settled.has(live) || !isLeftOver(live, wanted, advised)) continue
      list = replaced(list, live, undefined)
      note('remove', `remove operation ${operationText(live)}`)
    }
  }
  return { element: withOperations(primitive, list), differences }
}

/** Nothing declares it and no agent advises it; without the agent's word only what recurs is surely someone's addition. */
function isLeftOver(
  live: XmlElement,
  wanted: readonly ResourceOperation[],
  advised: readonly ResourceOperation[] | undefined,
): boolean {
  const { name, interval = '0' } = live.attributes
  if (wanted.some((operation) => operation.name === name)) return true
  if (advised === undefined) return milliseconds(interval) !== 0
  return !advised.some((operation) => operation.name === name)
}

function adviceFor(operation: ResourceOperation, advised: readonly ResourceOperation[] | undefined) {
  const same = (advised ?? []).filter((one) => one.name === operation.name)
  return same.find((one) => role(one.role) === role(operation.role)) ?? same[0]
}

/**
 * Which live operation is meant by which wanted one: that of the same name, interval and role; else that of the same
 * name and interval, of which pacemaker allows but one; else, when just one is left of that name and role on either
 * side, that one with another interval.
 */
function matchOperations(
  live: readonly XmlElement[],
  wanted: readonly ResourceOperation[],
): Map<ResourceOperation, XmlElement> {
  const matches = new Map<ResourceOperation, XmlElement>()
  const left = () => live.filter((op) => ![...matches.values()].includes(op))
  const hasName = (one: ResourceOperation, op: XmlElement) => op.attributes.name === one.name
  const hasRole = (one: ResourceOperation, op: XmlElement) => role(op.attributes.role) === role(one.role)
  const hasInterval = (one: ResourceOperation, op: XmlElement) =>
    milliseconds(op.attributes.interval ?? '0') === milliseconds(one.interval)

  for (const alike of [
    [hasName, hasInterval, hasRole],
    [hasName, hasInterval],
  ]) {
    for (const operation of wanted.filter((one) => !matches.has(one))) {
      const found = left().find((op) => alike.every((is) => is(operation, op)))
      if (found) matches.set(operation, found)
    }
  }
  for (const operation of wanted.filter((one) => !matches.has(one))) {
    const rivals = wanted.filter(
      (one) => !matches.has(one) && one.name === operation.name && role(one.role) === role(operation.role),
    )
    const [only, ...others] = left().filter((op) => hasName(operation, op) && hasRole(operation, op))
    if (rivals.length === 1 && only !== undefined && others.length === 0) matches.set(operation, only)
  }
  return matches
}

function idFor(subject: string, name: string, interval: string): string {
  return `${subject}-${name}-interval-${interval}`
}

function newOperation(subject: string, operation: ResourceOperation, context: Context): XmlElement {
  const { name, interval, timeout, 'on-fail': onFail, 'start-delay': startDelay, enabled } = operation
  const id = context.claim(idFor(subject, name, interval))
  const word = operation.role === undefined ? undefined : roleWord(operation.role, context.generation)
  const own = {
    id,
    name,
    interval,
    timeout,
    role: word,
    'on-fail': onFail,
    'start-delay': startDelay,
    enabled,
  }
  return withOptions(element('op', own), operation, context).element
}

function changedOperation(subject: string, live: XmlElement, wanted: ResourceOperation, context: Context) {
  const changes: string[] = []
  let changed = live
  for (const name of ATTRIBUTES) {
    const before = live.attributes[name]
    // An operation without a role is for Started; it was matched by name and interval, and may be for another yet.
    const value = name === 'role' && before !== undefined ? role(wanted.role) : wanted[name]
    if (value === undefined) continue
    const effective = before ?? (name === 'timeout' ? context.defaultTimeout : DEFAULTS[name])
    if (effective !== undefined && sameMeaning(effective, value)) continue
    changed = withAttributes(changed, {
      [name]: name === 'role' ? roleWord(value, context.generation) : value,
    })
    changes.push(`${name} ${before ?? '(unset)'} → ${value}`)
  }
  const options = withOptions(changed, wanted, context)
  for (const difference of options.differences) changes.push(difference.text.replace(/^[^:]*: /, ''))
  const own = idFor(subject, wanted.name, live.attributes.interval ?? '0s')
  if (changed.attributes.interval !== live.attributes.interval && live.attributes.id === own) {
    const id = context.claim(idFor(subject, wanted.name, wanted.interval))
    return { element: withAttributes(options.element, { id }), changes }
  }
  return { element: options.element, changes }
}

function withOptions(op: XmlElement, wanted: ResourceOperation, context: Context) {
  const set = `${op.attributes.id}-instance_attributes`
  const { options: values } = wanted
  return reconcileSet(op, {
    tag: 'instance_attributes',
    id: set,
    values,
    subject: 'op',
    claim: context.claim,
  })
}

/** Before a primitive's utilization and after its attributes, or where its operations are now. */
function withOperations(primitive: XmlElement, list: XmlElement): XmlElement {
  const now = child(primitive, 'operations')
  if (now === list) return primitive
  if (now !== undefined) return replaced(primitive, now, list)
  return elements(list, 'op').length === 0 ? primitive : appended(primitive, list)
}

function operationText({ attributes }: XmlElement): string {
  const words = [attributes.name ?? '']
  if ((milliseconds(attributes.interval ?? '0') ?? 0) > 0) words.push(`every ${attributes.interval}`)
  if (attributes.role !== undefined) words.push(`as ${attributes.role}`)
  if (attributes.timeout !== undefined) words.push(`(timeout ${attributes.timeout})`)
  return words.join(' ')
}
