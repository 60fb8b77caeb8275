import type { DrbdResource } from '../resource_schema.ts'
import { deviceContent } from './device_content.ts'
import { parseDrbdsetupStatus } from './drbdsetup_json.ts'
import type { Metadata, Said } from './generation.ts'
import { parseDumpMd } from './generation.ts'
import { parseGi } from './generation_tuple.ts'
import type { BackingDisk, DrbdNodeReport, ResourceState } from './node_report.ts'
import { parseProcDrbd, resourceOfMinors } from './proc_drbd.ts'

/** What one node answered about one resource. */
export interface NodeAnswers {
  /** /proc/drbd; empty when it is not there: no module is loaded. To be looked at first, as drbdsetup loads one. */
  readonly procDrbd: string
  /** `drbdsetup status --json`; undefined where it was not asked, as with 8.4, which does not know it. */
  readonly status: string | undefined
  readonly disks: readonly {
    readonly volume: number
    /** `show-gi` or `get-gi`, for an attached disk: what dump-md says of one may be stale. */
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
  const state = resourceStateOf(resource, node, answers)
  return {
    node,
    reached: true,
    module: parseProcDrbd(answers.procDrbd)?.version,
    resource: state,
    disks: answers.disks.map(({ volume, gi, dumpMd, blkid, wipefs }): BackingDisk => ({
      volume,
      metadata: metadata(isAttached(state, volume) ? gi && parseGi(gi) : dumpMd && parseDumpMd(dumpMd)),
      content: blkid && wipefs && deviceContent(blkid, wipefs),
    })),
  }
}

/** What the kernel of a node has of a resource; undefined when it does not have it. @throws as {@link readNode} */
export function resourceStateOf(
  resource: DrbdResource,
  node: string,
  { procDrbd, status }: Pick<NodeAnswers, 'procDrbd' | 'status'>,
): ResourceState | undefined {
  const proc = parseProcDrbd(procDrbd)
  if (proc?.version.startsWith('8.')) {
    const peer = resource.nodes.find(({ name }) => name !== node)?.name ?? 'peer'
    return resourceOfMinors(proc, { name: resource.name, peer, volumes: resource.volumes })
  }
  if (proc === undefined || status === undefined) return undefined
  return parseDrbdsetupStatus(status).find(({ name }) => name === resource.name)
}

export function isAttached(state: ResourceState | undefined, volume: number): boolean {
  return state?.volumes.some((one) => one.volume === volume && one.disk !== 'Diskless') === true
}

function metadata(read: Metadata | undefined): Metadata {
  return read ?? { kind: 'unknown', said: 'it was not asked' }
}
