import { element, withAttributes } from '../../xml.ts'
import type { OrderWanted } from '../constraint_schema.ts'
import { wordAndId } from '../constraint_schema.ts'
import { boolean, score } from '../meaning.ts'
import type { XmlElement } from '../../xml.ts'
import type { Constraint, ReadKey } from './kind.ts'
import { resolved } from './reference.ts'
import type { Resolve } from './reference.ts'

/** The action of `then` is that of `first` where it is left out ("Ordering Constraints" in Pacemaker Explained). */
const key = (first: string, firstAction = 'start', then: string, thenAction = firstAction) =>
  `${firstAction} ${first} then ${thenAction} ${then}`

export function orderConstraint(wanted: OrderWanted, resolve: Resolve): Constraint {
  const [left, right] = [wordAndId(wanted.first), wordAndId(wanted.then)]
  const [first, then] = [resolved(left.id, resolve, 'order'), resolved(right.id, resolve, 'order')]
  const firstAction = left.word ?? 'start'
  // Unlike in the CIB, "promote a, then b" is read as everyone means it, and as pcs writes it: then start b.
  const thenAction = right.word ?? 'start'
  const symmetrical = wanted.symmetrical ?? wanted.kind !== 'Serialize'
  return {
    kind: 'rsc_order',
    id: wanted.id,
    strength: wanted.kind,
    key: key(first, firstAction, then, thenAction),
    text: `order: ${firstAction} ${first} then ${thenAction} ${then}`,
    usualId: `order-${first}-${then}-${wanted.kind === 'Mandatory' ? 'mandatory' : wanted.kind}`,
    create: (id) =>
      element('rsc_order', {
        id,
        first,
        // oxlint-disable-next-line unicorn/no-thenable -- pacemaker's own name, and a string
        then,
        'first-action': firstAction,
        'then-action': thenAction,
        kind: wanted.kind === 'Mandatory' ? undefined : wanted.kind,
        symmetrical: symmetrical === (wanted.kind !== 'Serialize') ? undefined : String(symmetrical),
      }),
    change: (live) => {
      const changes: string[] = []
      let changed = live
      const before = kindOf(live)
      if (before !== wanted.kind) {
        changed = withAttributes(changed, { kind: wanted.kind, score: undefined })
        changes.push(`kind ${before} → ${wanted.kind}`)
      }
      const is = boolean(live.attributes.symmetrical ?? String(before !== 'Serialize'))
      const isNow = boolean(live.attributes.symmetrical ?? String(wanted.kind !== 'Serialize'))
      if (wanted.symmetrical !== undefined && isNow !== wanted.symmetrical) {
        changed = withAttributes(changed, { symmetrical: String(wanted.symmetrical) })
        changes.push(`symmetrical ${is} → ${wanted.symmetrical}`)
      }
      return { element: changed, changes }
    },
  }
}

/** Before kinds there were scores: 0 means Optional, more Mandatory. */
export function kindOf({ attributes: { kind, score: old } }: XmlElement): string {
  if (kind !== undefined) return kind
  return old !== undefined && (score(old) ?? 1) <= 0 ? 'Optional' : 'Mandatory'
}

export const readOrderKey: ReadKey = (live, resolve) => {
  const { first, then, 'first-action': firstAction, 'then-action': thenAction } = live.attributes
  const [left, right] = [first, then].map((id) => (id === undefined ? undefined : resolve(id)))
  if (left === undefined || right === undefined) return undefined
  return key(left, firstAction, right, thenAction)
}
