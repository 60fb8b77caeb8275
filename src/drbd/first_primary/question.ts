import type { DrbdResource } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'

/** What the decision is made from; reports must be of one moment, with nobody else at work on the nodes. */
export interface FirstPrimaryQuestion {
  readonly resource: Pick<DrbdResource, 'name' | 'nodes' | 'volumes'>
  /** One of each declared node, reached or not. */
  readonly reports: readonly DrbdNodeReport[]
  /** The node that the inventory names, if it does. */
  readonly wanted: string | undefined
  /** `skip-sync` declares blank disks equal without copying. */
  readonly how: 'full-sync' | 'skip-sync'
}

/** Why not, as one fact about one node. */
export interface Objection {
  readonly fact: string
  /** Undefined when it is about none in particular. */
  readonly node: string | undefined
  readonly remedy: string
}

/** Makes a refusal about the node at hand. */
export type No = (fact: string, remedy: string) => Objection

/** Disk states of a disk that has held a usable copy, now or once. */
export const DATA_STATES: ReadonlySet<string> = new Set(['UpToDate', 'Consistent', 'Outdated'])
