import type { Bytes } from '../../connection/remote.ts'
import type { DrbdResource } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'

/** What is known of how large a volume is, and of the disk that is to take it. */
export interface VolumeSizes {
  readonly volume: number
  /** Of the DRBD device on the survivors; undefined where none of them tells. */
  readonly data: Bytes | undefined
  /** Of the disk below, on the node that comes back; undefined where there is no such device. */
  readonly disk: Bytes | undefined
}

/** What the decision is made from; reports must be of one moment, with nobody else at work on the nodes. */
export interface RejoinQuestion {
  readonly resource: DrbdResource
  /** The node that comes back; all others are survivors. */
  readonly target: string
  /** One of each declared node, reached or not. */
  readonly reports: readonly DrbdNodeReport[]
  readonly sizes: readonly VolumeSizes[]
  /** `compatible`: modules that talk to one another will do, as while nodes are updated in turn. */
  readonly versions: 'equal' | 'compatible'
}

/** How a volume of the node comes back to what the survivors have. */
export interface ComingVolume {
  readonly volume: number
  /**
   * - `blank`: no metadata are there; they are made, and all is copied
   * - `fresh`: metadata without data; all is copied
   * - `anew`: what is there is known not to belong to these data; where losing it is consented to, as `blank`
   * - `same`: nothing is missing
   * - `partial`: what was written since is copied
   * - `full`: an older generation; all is copied
   */
  readonly how: 'blank' | 'fresh' | 'anew' | 'same' | 'partial' | 'full'
  /** Why it is not kept, for `anew`. */
  readonly why?: string
}

export const SOURCE: ReadonlySet<string> = new Set([
  'SyncSource',
  'PausedSyncS',
  'WFBitMapS',
  'StartingSyncS',
  'Ahead',
])

export const TARGET: ReadonlySet<string> = new Set([
  'SyncTarget',
  'PausedSyncT',
  'WFBitMapT',
  'WFSyncUUID',
  'StartingSyncT',
  'Behind',
])

/** In sync, or being compared. */
export const SETTLED: ReadonlySet<string> = new Set(['Established', 'VerifyS', 'VerifyT'])
