import { syncProgress } from '../sync_progress.ts'
import type { SyncProgress } from '../sync_progress.ts'
import type { PeerVolume } from '../status/node_report.ts'
import { connectionTo } from './shared.ts'
import type { SharedNode, SharedResource } from './shared.ts'

/** A volume that is being copied, or compared, between two nodes. */
export interface Copy {
  readonly kind: 'sync' | 'paused' | 'verify'
  readonly volume: number
  readonly from: SharedNode
  readonly to: SharedNode
  /** Undefined where the tools do not tell. */
  readonly progress: SyncProgress | undefined
  /** KiB that are left. */
  readonly left: number | undefined
}

const KINDS: Readonly<Record<string, readonly [Copy['kind'], isSource: boolean]>> = {
  SyncSource: ['sync', true],
  SyncTarget: ['sync', false],
  PausedSyncS: ['paused', true],
  PausedSyncT: ['paused', false],
  VerifyS: ['verify', true],
  VerifyT: ['verify', false],
}

/** Each once, as its source tells it; as its target does where the source was not asked. */
export function copiesOf(resource: SharedResource): Copy[] {
  const found = new Map<string, Copy>()
  const views = resource.nodes.flatMap((node) =>
    resource.nodes.filter((other) => other !== node).map((other) => [node, other] as const),
  )
  for (const [node, other] of views) {
    for (const volume of connectionTo(resource, node, other)?.volumes ?? []) {
      const [kind, isSource] = KINDS[volume.replication] ?? []
      if (kind === undefined) continue
      const [from, to] = isSource ? [node, other] : [other, node]
      const key = JSON.stringify([volume.volume, from.name, to.name])
      if (found.has(key) && !isSource) continue
      const size = node.state?.volumes.find((one) => one.volume === volume.volume)?.size
      const copy = { kind, volume: volume.volume, from, to, left: volume.outOfSync }
      found.set(key, { ...copy, progress: progressOf(volume, size, kind) })
    }
  }
  return [...found.values()]
}

function progressOf(
  { outOfSync, percentInSync, pace }: PeerVolume,
  size: number | undefined,
  kind: Copy['kind'],
): SyncProgress | undefined {
  const rate = pace === undefined || pace.rate <= 0 ? undefined : pace.rate
  const secondsLeft = rate === undefined ? undefined : pace?.secondsLeft
  // What a verify has left is not what differs.
  if (kind !== 'verify' && outOfSync !== undefined && size !== undefined && size > 0) {
    const now = { at: 0, outOfSync, size }
    return { ...syncProgress(now, now), rate, secondsLeft }
  }
  return percentInSync === undefined ? undefined : { percent: percentInSync, rate, secondsLeft }
}
