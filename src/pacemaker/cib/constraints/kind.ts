import type { XmlElement } from '../../xml.ts'
import type { Context } from '../context.ts'
import type { Resolve } from './reference.ts'

/**
 * A wanted constraint, ready to be compared. Two constraints of one kind mean the same when their `key` is the same;
 * they may then still differ in what `changes` looks at (the score).
 */
export interface Constraint {
  readonly kind: 'rsc_location' | 'rsc_colocation' | 'rsc_order'
  /** Where the declaration names it. */
  readonly id: string | undefined
  readonly key: string
  /** For people, without the score: `vip on server1`. */
  readonly text: string
  readonly strength: string
  /** The id that pcs would give. */
  readonly usualId: string
  /** A new element with this id. */
  create(id: string, context: Context): XmlElement
  /** The live element brought to what is wanted, and in words what differs; the same element when nothing does. */
  change(live: XmlElement, context: Context): { element: XmlElement; changes: string[] }
}

/** The key of a live constraint, to be compared with {@link Constraint.key}; undefined for what cannot be declared. */
export type ReadKey = (live: XmlElement, resolve: Resolve) => string | undefined
