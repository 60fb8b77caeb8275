import { appended, elements, replaced, withAttributes } from '../../xml.ts'
import type { XmlElement } from '../../xml.ts'
import type { Context } from '../context.ts'
import type { Difference } from '../difference.ts'
import type { Cib } from '../schema.ts'
import { colocationConstraint, readColocationKey } from './colocation.ts'
import type { Constraint, ReadKey } from './kind.ts'
import { locationConstraint, readLocationKey } from './location.ts'
import { orderConstraint, readOrderKey } from './order.ts'
import type { Resolve } from './reference.ts'

/**
 * Constraints that others put there for a while: `crm_resource --move` and `--ban` (`cli-`), and DRBD's fence-peer
 * handler, which thereby keeps outdated data from being promoted. They are matched and touched only by their own id.
 */
export function isProtected(id: string | undefined): boolean {
  return id !== undefined && /^(cli-|drbd-fence-by-handler-)/.test(id)
}

const KEYS: Record<string, ReadKey> = {
  rsc_location: readLocationKey,
  rsc_colocation: readColocationKey,
  rsc_order: readOrderKey,
}

/** Every wanted constraint, ready to be compared. */
export function wantedConstraints(wanted: Cib['constraints'], resolve: Resolve): Constraint[] {
  return [
    ...wanted.location.map((one) => locationConstraint(one, resolve)),
    ...wanted.colocation.map((one) => colocationConstraint(one, resolve)),
    ...wanted.order.map((one) => orderConstraint(one, resolve)),
  ]
}

/** Whether a live constraint is what is wanted, in all that a declaration can say. */
export function isMet(live: XmlElement, wanted: Constraint, resolve: Resolve, context: Context): boolean {
  const key = live.name === wanted.kind ? KEYS[wanted.kind]?.(live, resolve) : undefined
  return key === wanted.key && wanted.change(live, context).changes.length === 0
}

/** The constraints section as wanted. A live constraint is matched by its meaning, whatever its id is. */
export function reconcileConstraints(
  live: XmlElement,
  wanted: Cib['constraints'],
  resolve: Resolve,
  context: Context,
): { section: XmlElement; differences: Difference[] } {
  const differences: Difference[] = []
  const matched = new Set<XmlElement>()
  let section = live
  for (const constraint of wantedConstraints(wanted, resolve)) {
    const found = findConstraint(section, constraint, resolve, matched, context)
    const namesake = elements(section).find(
      (node) => constraint.id !== undefined && node.attributes.id === constraint.id && !matched.has(node),
    )
    if (found === undefined && namesake !== undefined) {
      const created = constraint.create(constraint.id ?? '', context)
      section = replaced(section, namesake, created)
      matched.add(created)
      const text = `${constraint.id}: now ${constraint.text} (${constraint.strength})`
      differences.push({ action: 'change', subject: subjectOf(created), text })
      continue
    }
    if (found === undefined) {
      const created = constraint.create(context.claim(constraint.id ?? constraint.usualId), context)
      section = appended(section, created)
      matched.add(created)
      const text = `create ${constraint.text} (${constraint.strength})`
      differences.push({ action: 'create', subject: subjectOf(created), text })
      continue
    }
    const { element: changed, changes } = constraint.change(found, context)
    const next = changes.length === 0 ? found : renamed(found, changed, constraint, context)
    matched.add(next)
    if (next === found) continue
    section = replaced(section, found, next)
    const text = `${constraint.text}: ${changes.join(', ')}`
    differences.push({ action: 'change', subject: subjectOf(next), text })
  }
  if (!context.purge) return { section, differences }
  for (const node of elements(section)) {
    if (matched.has(node) || isProtected(node.attributes.id)) continue
    section = replaced(section, node, undefined)
    const text = `remove ${node.name.replace(/^rsc_/, '')} ${node.attributes.id}`
    differences.push({ action: 'remove', subject: subjectOf(node), text })
  }
  return { section, differences }
}

function subjectOf(node: XmlElement): string {
  return `constraint ${node.attributes.id}`
}

function findConstraint(
  section: XmlElement,
  wanted: Constraint,
  resolve: Resolve,
  matched: ReadonlySet<XmlElement>,
  context: Context,
): XmlElement | undefined {
  const like = elements(section, wanted.kind).filter(
    (node) => KEYS[wanted.kind]?.(node, resolve) === wanted.key && !matched.has(node),
  )
  const own = like.find((node) => wanted.id !== undefined && node.attributes.id === wanted.id)
  if (own) return own
  const free = like.filter((node) => !isProtected(node.attributes.id))
  return free.find((node) => wanted.change(node, context).changes.length === 0) ?? free[0]
}

/** An id that pcs made from the old score would tell the wrong one from now on. */
function renamed(before: XmlElement, changed: XmlElement, wanted: Constraint, context: Context): XmlElement {
  const old = before.attributes.score
  const stem = wanted.usualId.slice(0, -wanted.strength.length)
  if (old === undefined || before.attributes.id !== `${stem}${old}`) return changed
  return withAttributes(changed, { id: context.claim(wanted.usualId) })
}
