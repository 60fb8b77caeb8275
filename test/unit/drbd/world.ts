import type { FirstPrimaryQuestion } from '../../../src/drbd/first_primary/question.ts'
import type { DrbdResource } from '../../../src/drbd/resource_schema.ts'
import type { Metadata } from '../../../src/drbd/status/generation.ts'
import type { ConnectionState, DrbdNodeReport } from '../../../src/drbd/status/node_report.ts'
import { unreachedNode } from '../../../src/drbd/status/node_report.ts'

/** What is true of one node of the model. */
export interface ModelNode {
  reached: boolean
  /** Whether the kernel has the resource. Default true. */
  up?: boolean
  role: string
  disk: string
  /** Towards each of its peers. */
  connection: string
  /** Where it is another one to one of them. */
  towards?: Readonly<Record<string, string>>
  replication: string
  metadata: 'none' | 'just-created' | 'data' | 'other data' | 'unknown'
}

export const FRESH_NODE: ModelNode = {
  reached: true,
  role: 'Secondary',
  disk: 'Inconsistent',
  connection: 'Connected',
  replication: 'Established',
  metadata: 'just-created',
}

export const FRESH_TIEBREAKER: ModelNode = { ...FRESH_NODE, disk: 'Diskless', metadata: 'none' }

const METADATA: Record<ModelNode['metadata'], Metadata> = {
  none: { kind: 'none' },
  unknown: { kind: 'unknown', said: 'nothing' },
  'just-created': { kind: 'just-created', nodeId: undefined, format: undefined },
  data: {
    kind: 'data',
    nodeId: undefined,
    format: undefined,
    generation: { current: 'AAAA00000000000A', bitmap: [], history: [] },
  },
  'other data': {
    kind: 'data',
    nodeId: undefined,
    format: undefined,
    generation: { current: 'BBBB00000000000B', bitmap: [], history: ['0000000000000004'] },
  },
}

/** What each node of the model says; a peer is seen as it is while connected, else not at all. */
export function reportsOf(resource: DrbdResource, world: readonly ModelNode[]): DrbdNodeReport[] {
  return resource.nodes.map((declared, index) => {
    const node = world[index] ?? FRESH_NODE
    if (!node.reached) return unreachedNode(declared.name)
    const connections = resource.nodes.flatMap((peer, at): ConnectionState[] => {
      const other = world[at] ?? FRESH_NODE
      const state = node.towards?.[peer.name] ?? node.connection
      const sees = state === 'Connected'
      if (at === index) return []
      return [
        {
          peer: peer.name,
          state,
          peerRole: sees ? other.role : 'Unknown',
          volumes: resource.volumes.map(({ volume }) => ({
            volume,
            replication: sees ? node.replication : 'Off',
            peerDisk: sees ? other.disk : 'DUnknown',
            outOfSync: undefined,
            percentInSync: undefined,
          })),
        },
      ]
    })
    return {
      node: declared.name,
      reached: true,
      module: '9.2.16',
      resource:
        node.up === false
          ? undefined
          : {
              name: resource.name,
              role: node.role,
              suspended: false,
              volumes: resource.volumes.map(({ volume, minor }) => ({
                volume,
                minor,
                disk: node.disk,
                quorum: true,
                open: false,
                size: 1024,
              })),
              connections,
            },
      disks: declared.diskless
        ? []
        : resource.volumes.map(({ volume }) => ({
            volume,
            metadata: METADATA[node.metadata],
            content: {
              signatures: [{ type: 'drbd', label: undefined, uuid: undefined, version: 'v09' }],
              unreadable: undefined,
            },
          })),
    }
  })
}

export function question(
  resource: DrbdResource,
  world: readonly ModelNode[],
  wanted = 'server1',
  how: FirstPrimaryQuestion['how'] = 'full-sync',
): FirstPrimaryQuestion {
  return { resource, reports: reportsOf(resource, world), wanted, how }
}
