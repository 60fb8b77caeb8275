import { decideRejoin } from '../../../../src/drbd/rejoin/decide.ts'
import type { RejoinQuestion } from '../../../../src/drbd/rejoin/question.ts'
import type { Generation, Metadata } from '../../../../src/drbd/status/generation.ts'
import type { DrbdNodeReport, ResourceState } from '../../../../src/drbd/status/node_report.ts'
import { declared, withTiebreaker } from '../declared.ts'
import { FRESH_NODE, reportsOf } from '../world.ts'
import type { ModelNode } from '../world.ts'

export const GIB = 2 ** 30
export const pair = declared()
export const old = declared({ driver: '8.4' })
export const voted = withTiebreaker()
export const both = declared({
  volumes: [0, 1].map((volume) => ({
    volume,
    minor: volume,
    disks: { server1: `/dev/v${volume}`, server2: `/dev/v${volume}` },
  })),
})

export const SERVING: ModelNode = {
  ...FRESH_NODE,
  role: 'Primary',
  disk: 'UpToDate',
  connection: 'Connecting',
  replication: 'Off',
  metadata: 'data',
}
export const DOWN: ModelNode = { ...FRESH_NODE, up: false, metadata: 'data' }
export const BLANK: ModelNode = { ...DOWN, metadata: 'none' }
export const TARGET: ModelNode = { ...FRESH_NODE, replication: 'SyncTarget', metadata: 'data' }

export const [A, B, C] = ['AAAA00000000000A', 'BBBB00000000000A', 'CCCC00000000000A'] as const
export const data = (
  current: string,
  bitmap: string[] = [],
  history: string[] = [],
  more: Partial<Generation> = {},
): Metadata => ({
  kind: 'data',
  nodeId: undefined,
  format: undefined,
  generation: { current, bitmap, history, ...more },
})

export type Change = (report: DrbdNodeReport) => DrbdNodeReport
export const withMetadata =
  (...metadata: Metadata[]): Change =>
  (report) => ({
    ...report,
    disks: report.disks.map((disk) => ({ ...disk, metadata: metadata[disk.volume] ?? disk.metadata })),
  })
export const withState =
  (fields: Partial<ResourceState> | ((state: ResourceState) => ResourceState)): Change =>
  (report) => ({
    ...report,
    resource:
      report.resource &&
      (typeof fields === 'function' ? fields(report.resource) : { ...report.resource, ...fields }),
  })
export const inVolume = (fields: Partial<ResourceState['volumes'][number]>, at = 0): Change =>
  withState((state) => ({
    ...state,
    volumes: state.volumes.map((one) => (one.volume === at ? { ...one, ...fields } : one)),
  }))

export interface Case {
  resource?: typeof pair
  world: readonly ModelNode[]
  target?: string
  /** Of server1 and server2. */
  one?: Change
  two?: Change
  fields?: Partial<RejoinQuestion>
}

export function decide({ resource = pair, world, target = 'server2', one, two, fields = {} }: Case) {
  const changes: Record<string, Change | undefined> = { server1: one, server2: two }
  return decideRejoin({
    resource,
    target,
    reports: reportsOf(resource, world).map((report) => {
      const own = resource.driver === '8.4' && report.reached ? { ...report, module: '8.4.11' } : report
      return changes[report.node]?.(own) ?? own
    }),
    sizes: resource.volumes.map(({ volume }) => ({ volume, data: GIB, disk: 2 * GIB })),
    versions: 'equal',
    ...fields,
  })
}
