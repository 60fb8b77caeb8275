import { plain, relationOf, relationOfAll } from '../relation.ts'
import type { Relation } from '../relation.ts'
import type { Generation } from '../status/generation.ts'
import type { ConnectionState, DrbdNodeReport } from '../status/node_report.ts'

/** The generation of one volume; undefined where none could be read. */
export function generationOf({ disks }: DrbdNodeReport, volume: number): Generation | undefined {
  const metadata = disks.find((disk) => disk.volume === volume)?.metadata
  return metadata?.kind === 'data' ? metadata.generation : undefined
}

/** Of one volume, of the first node to the second; undefined where one of them has no data, or they are not known. */
export function volumeRelation(a: DrbdNodeReport, b: DrbdNodeReport, volume: number): Relation | undefined {
  const [one, other] = [generationOf(a, volume), generationOf(b, volume)]
  return one === undefined || other === undefined ? undefined : relationOf(one, other)
}

/** Of all volumes; undefined where one is not known. */
export function nodesRelation(
  a: DrbdNodeReport,
  b: DrbdNodeReport,
  volumes: readonly { readonly volume: number }[],
): Relation | undefined {
  const relations = volumes.map(({ volume }) => volumeRelation(a, b, volume))
  return relations.every((one) => one !== undefined) ? relationOfAll(relations) : undefined
}

/**
 * Whether the bitmaps of both count from the same generation, so that only what they name is copied. Without that, the kernel
 * copies all (drbd_receiver.c, drbd_sync_handshake: "Full sync, since UUIDs where ambiguous").
 */
export function haveCommonBitmap(a: Generation, b: Generation): boolean {
  const ofB = new Set(b.bitmap.map(plain))
  return a.bitmap.some((id) => ofB.has(plain(id)))
}

/** How a node sees another. */
export function connectionTo(from: DrbdNodeReport, to: string): ConnectionState | undefined {
  return from.resource?.connections.find(({ peer }) => peer === to)
}

/** Whether both say so. */
export const areConnected = (a: DrbdNodeReport, b: DrbdNodeReport): boolean =>
  connectionTo(a, b.node)?.state === 'Connected' && connectionTo(b, a.node)?.state === 'Connected'
