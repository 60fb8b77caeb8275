import type { Seconds } from '../../connection/remote.ts'
import type { XmlElement } from '../../pacemaker/xml.ts'
import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import type { QuorumStatus } from '../../pacemaker/corosync/status.ts'

/** What an operator wants of a running cluster. */
export type Change =
  | { readonly kind: 'standby' | 'unstandby'; readonly node: string }
  | {
      readonly kind: 'move'
      readonly resource: string
      /** Away from where it runs, to a node that Pacemaker chooses, when undefined. */
      readonly to: string | undefined
      /** How long the cluster is to hold to it; until it is cleared when undefined. */
      readonly lifetime: Seconds | undefined
    }
  | { readonly kind: 'clear'; readonly resource: string }
  | { readonly kind: 'cleanup'; readonly resource: string | undefined; readonly node: string | undefined }
  | {
      readonly kind: 'maintenance'
      readonly on: boolean
      /** Of a node, or of a resource, or of the whole cluster. */
      readonly node: string | undefined
      readonly resource: string | undefined
    }

/** A cluster, as one of its nodes has it. */
export interface ClusterState {
  readonly cib: XmlElement
  readonly status: ClusterStatus
  readonly quorum: QuorumStatus
}

/** What is to be done, or that it is so already. */
export type Plan =
  | { readonly met: string }
  | {
      /** The CIB as the change makes it, for a simulation. */
      readonly cib: XmlElement
      /** What does it, one after the other. */
      readonly commands: readonly (readonly string[])[]
      /** Of a move: whence, and the primitives that are on it. */
      readonly moving?: Moving
    }

export interface Moving {
  readonly resource: string
  /** The primitives that it holds. */
  readonly members: ReadonlySet<string>
  readonly from: readonly string[]
  readonly to: string | undefined
  /** Whether it is the promoted instance that goes. */
  readonly promoted: boolean
}

/** `standby server1`, `move vip to server2`: the change as a heading. */
export function changeText(change: Change): string {
  switch (change.kind) {
    case 'standby':
    case 'unstandby':
      return `${change.kind} ${change.node}`
    case 'move':
      return `move ${change.resource}${change.to === undefined ? '' : ` to ${change.to}`}`
    case 'clear':
      return `clear ${change.resource}`
    case 'cleanup': {
      const on = change.node === undefined ? '' : ` on ${change.node}`
      return `cleanup${change.resource === undefined ? '' : ` ${change.resource}`}${on}`
    }
    case 'maintenance': {
      const of = change.node ?? change.resource
      return `maintenance ${change.on ? 'on' : 'off'}${of === undefined ? '' : ` for ${of}`}`
    }
  }
}
