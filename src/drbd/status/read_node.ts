import type { DrbdResource } from '../resource_schema.ts'
import { deviceContent } from './device_content.ts'
import type { Metadata, Said } from './generation.ts'
import { parseGi, parseUnattached } from './generation_tuple.ts'
import { resourceStateOf } from './kernel_state.ts'
import type { KernelAnswers } from './kernel_state.ts'
import type { BackingDisk, DrbdNodeReport, ResourceState } from './node_report.ts'
import { parseProcDrbd } from './proc_drbd.ts'

/** What one node answered about one resource. */
export interface NodeAnswers extends KernelAnswers {
  readonly disks: readonly {
    readonly volume: number
    /**
     * `show-gi` or `get-gi`, for an attached disk: what dump-md says of one may be stale. For another one where dump-md
     * finds it unclean.
     */
    readonly gi: Said | undefined
    /** `dump-md`, for a disk that is not attached. */
    readonly dumpMd: Said | undefined
    /** `blkid -p -o export` and `wipefs -p` of the disk below. */
    readonly blkid: Said | undefined
    readonly wipefs: Said | undefined
  }[]
}

/**
 * All that a node said as one report, whichever driver it runs.
 *
 * @throws BringupError NOT_MET when the status is not what drbdsetup prints
 */
export function readNode(resource: DrbdResource, node: string, answers: NodeAnswers): DrbdNodeReport {
  const peer = resource.nodes.find(({ name }) => name !== node)?.name
  const state = resourceStateOf(answers, resource, peer)
  return {
    node,
    reached: true,
    module: parseProcDrbd(answers.procDrbd)?.version,
    resource: state,
    disks: answers.disks.map(({ volume, gi, dumpMd, blkid, wipefs }): BackingDisk => ({
      volume,
      metadata: metadata(
        isAttached(state, volume) ? gi && parseGi(gi) : dumpMd && parseUnattached(dumpMd, () => gi),
      ),
      content: blkid && wipefs && deviceContent(blkid, wipefs),
    })),
  }
}

export function isAttached(state: ResourceState | undefined, volume: number): boolean {
  return state?.volumes.some((one) => one.volume === volume && one.disk !== 'Diskless') === true
}

function metadata(read: Metadata | undefined): Metadata {
  return read ?? { kind: 'unknown', said: 'it was not asked' }
}
