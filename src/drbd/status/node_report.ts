import type { DeviceContent } from './device_content.ts'
import type { Metadata } from './generation.ts'

/** `Primary`, `Secondary`, `Unknown`, or what else DRBD says; so with all states, as drbdsetup(8) names them. */
export type Role = string
export type DiskState = string

/** One volume of one connection, as this node sees it. */
export interface PeerVolume {
  readonly volume: number
  /** `Established`, `SyncSource`, `SyncTarget`, …; `Off` without connection. */
  readonly replication: string
  readonly peerDisk: DiskState
  /** Whether it has no disk there by intent, where the driver tells. */
  readonly peerClient?: boolean
  /** KiB that differ; undefined where the source does not tell. */
  readonly outOfSync: number | undefined
  /** 0 to 100, for display only: it may be odd while unconnected. */
  readonly percentInSync: number | undefined
  /** Where a sync or a verify runs and the kernel reckons: KiB in a second, and what is left by that. */
  readonly pace?: SyncPace
}

export interface SyncPace {
  readonly rate: number
  readonly secondsLeft: number | undefined
}

export interface ConnectionState {
  /** The peer's host name; 8.4 does not say it, its reader is told. */
  readonly peer: string
  /** `Connected`, `Connecting`, `StandAlone`, … */
  readonly state: string
  readonly peerRole: Role
  readonly volumes: readonly PeerVolume[]
}

export interface VolumeState {
  readonly volume: number
  readonly minor: number | undefined
  readonly disk: DiskState
  /** Whether it has none by intent, where the driver tells. */
  readonly client?: boolean
  /** Undefined where the driver or its tools do not tell. */
  readonly quorum: boolean | undefined
  /** Whether somebody has the device open; undefined where the tools do not tell (before 9.29). */
  readonly open: boolean | undefined
  /** KiB; undefined where the source does not tell. */
  readonly size: number | undefined
}

/** A resource as the kernel of one node has it. */
export interface ResourceState {
  readonly name: string
  readonly role: Role
  /** Whether input and output are frozen, for any reason. */
  readonly suspended: boolean
  readonly volumes: readonly VolumeState[]
  readonly connections: readonly ConnectionState[]
}

/** What stands on the disk below one volume. */
export interface BackingDisk {
  readonly volume: number
  readonly metadata: Metadata
  /** Undefined when nobody looked. */
  readonly content: DeviceContent | undefined
}

/** All that one node says about one resource; what all decisions are made from. */
export interface DrbdNodeReport {
  readonly node: string
  /** False when it did not answer: nothing below is known then. */
  readonly reached: boolean
  /** Of the loaded module, as `9.2.16`; undefined when none is loaded. */
  readonly module: string | undefined
  /** Undefined when the kernel does not have it. */
  readonly resource: ResourceState | undefined
  readonly disks: readonly BackingDisk[]
}

/** The report of a node that did not answer. */
export function unreachedNode(node: string): DrbdNodeReport {
  return { node, reached: false, module: undefined, resource: undefined, disks: [] }
}
