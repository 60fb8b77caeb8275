import type { Objection } from '../first_primary/question.ts'
import type { DrbdResource } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'

/** What is decided from; reports must be of one moment. */
export interface HealQuestion {
  readonly resource: Pick<DrbdResource, 'name' | 'nodes' | 'volumes'>
  /** One of each declared node, reached or not. */
  readonly reports: readonly DrbdNodeReport[]
  /** The node whose data the operator gives up; undefined where none was named. */
  readonly victim: string | undefined
  /** By node, who uses the volumes there, in words: `mounted on /srv`, `fs runs there`. */
  readonly uses: ReadonlyMap<string, readonly string[]>
}

export type Heal =
  /** There is nothing to heal. */
  | { readonly kind: 'none'; readonly because: string }
  /** The victim takes the data of the others already. */
  | { readonly kind: 'syncing'; readonly because: string }
  | {
      readonly kind: 'heal'
      readonly victim: string
      readonly survivors: readonly string[]
      /**
       * What the sync overwrites: the blocks that the bitmaps name, or all, where the last common generation is too long
       * ago for bitmaps to count from it.
       */
      readonly overwrites: 'changes' | 'all'
      /** In order, in words. */
      readonly steps: readonly { readonly node: string; readonly what: string }[]
    }
  | ({ readonly kind: 'refused'; readonly isSplit: boolean } & Objection)
