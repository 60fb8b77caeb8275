import type { HealQuestion } from '../../../../src/drbd/split_brain/question.ts'
import type { DrbdResource } from '../../../../src/drbd/resource_schema.ts'
import type { ConnectionState, DrbdNodeReport } from '../../../../src/drbd/status/node_report.ts'
import { unreachedNode } from '../../../../src/drbd/status/node_report.ts'
import { declared } from '../declared.ts'

/** What is true of one node of the model. */
export interface SplitNode {
  reached: boolean
  up: boolean
  role: string
  disk: string
  /** What was written to its disk, oldest first, as ids of generations; two that went apart have a beginning in common. */
  writes: readonly string[]
  /** Towards each of its peers, by their place. */
  connections: readonly string[]
  /** Who uses it. */
  uses: readonly string[]
}

export const PAIR = declared()

export const TRIO = declared({
  nodes: [
    { name: 'server1', node_id: 0, address: '192.168.53.11' },
    { name: 'server2', node_id: 1, address: '192.168.53.12' },
    { name: 'server3', node_id: 2, address: '192.168.53.13' },
  ],
  volumes: [
    { volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb', server3: '/dev/sdb' } },
  ],
})

/** 16 digits of a short word; the lowest bit, which is the mark of a primary, is 0. */
export const id = (write: string): string => Buffer.from(write).toString('hex').toUpperCase().padEnd(16, '0')

export const ALONE: SplitNode = {
  reached: true,
  up: true,
  role: 'Secondary',
  disk: 'UpToDate',
  writes: ['a', 'b'],
  connections: [],
  uses: [],
}

/** server1 goes on with its service; server2 has written too, and nobody uses it any more. */
export const splitPair = (): [SplitNode, SplitNode] => [
  {
    ...ALONE,
    role: 'Primary',
    writes: ['a', 'b', 'x'],
    connections: ['', 'StandAlone'],
    uses: ['mounted on /srv'],
  },
  { ...ALONE, writes: ['a', 'b', 'y'], connections: ['StandAlone', ''] },
]

/** The same with a third, which went with server1. */
export const splitTrio = (): [SplitNode, SplitNode, SplitNode] => [
  { ...splitPair()[0], connections: ['', 'StandAlone', 'Connected'] },
  { ...splitPair()[1], connections: ['StandAlone', '', 'StandAlone'] },
  { ...ALONE, writes: ['a', 'b', 'x'], connections: ['Connected', 'Connecting', ''] },
]

export function reportOf(resource: DrbdResource, world: readonly SplitNode[], at: number): DrbdNodeReport {
  const node = world[at]!
  const { name } = resource.nodes[at]!
  if (!node.reached) return unreachedNode(name)
  const [current = '', ...before] = node.writes.toReversed()
  return {
    node: name,
    reached: true,
    module: '9.2.16',
    resource: node.up
      ? {
          name: resource.name,
          role: node.role,
          suspended: false,
          volumes: resource.volumes.map(({ volume, minor }) => ({
            volume,
            minor,
            disk: node.disk,
            quorum: true,
            open: undefined,
            size: 524236,
          })),
          connections: resource.nodes.flatMap((peer, index): ConnectionState[] => {
            if (index === at) return []
            const state = node.connections[index] ?? 'StandAlone'
            const sees = state === 'Connected'
            return [
              {
                peer: peer.name,
                state,
                peerRole: sees ? world[index]!.role : 'Unknown',
                volumes: resource.volumes.map(({ volume }) => ({
                  volume,
                  replication: sees ? 'Established' : 'Off',
                  peerDisk: sees ? world[index]!.disk : 'DUnknown',
                  outOfSync: 4,
                  percentInSync: undefined,
                })),
              },
            ]
          }),
        }
      : undefined,
    disks: resource.volumes.map(({ volume }) => ({
      volume,
      metadata: {
        kind: 'data',
        nodeId: resource.nodes[at]!.node_id,
        format: undefined,
        generation: {
          current: id(current),
          bitmap: before.slice(0, 1).map(id),
          history: before.slice(1).map(id),
        },
      },
      content: undefined,
    })),
  }
}

export function healQuestion(
  resource: DrbdResource,
  world: readonly SplitNode[],
  victim: string | undefined,
): HealQuestion {
  return {
    resource,
    reports: resource.nodes.map((_, at) => reportOf(resource, world, at)),
    victim,
    uses: new Map(resource.nodes.map(({ name }, at) => [name, world[at]!.uses])),
  }
}
