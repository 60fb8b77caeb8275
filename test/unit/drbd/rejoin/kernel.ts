import { JUST_CREATED } from '../../../../src/drbd/status/generation.ts'

/** A disk of the model: DRBD's metadata as the kernel keeps them, and which writes are on it. */
export interface ModelDisk {
  current: string
  /** By peer: since when its misses are counted. */
  bitmap: Map<number, string>
  history: string[]
  isConsistent: boolean
  wasPrimary: boolean
  writes: Set<number>
}

export type Handshake = 'none' | 'source' | 'target' | 'split brain' | 'unrelated'

const strip = (id: string): string => id.slice(0, -1)
const sameId = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && strip(one) === strip(other)

/**
 * What one node becomes towards another, after drbd_uuid_compare and drbd_sync_handshake (drbd_receiver.c of 8.4.11), told
 * by rule. Kept apart from what decides.
 */
export function handshake(
  own: ModelDisk,
  peer: ModelDisk,
  [self, other]: readonly [number, number],
): Handshake {
  const verdict = compare(own, peer, [self, other])
  if (verdict === 'unrelated') return 'unrelated'
  if (own.isConsistent !== peer.isConsistent) return own.isConsistent ? 'source' : 'target'
  return verdict
}

function compare(own: ModelDisk, peer: ModelDisk, [self, other]: readonly [number, number]): Handshake {
  const isNew = (disk: ModelDisk) => sameId(disk.current, JUST_CREATED)
  if (isNew(own) && isNew(peer)) return 'none'
  if (isNew(own)) return 'target'
  if (isNew(peer)) return 'source'
  const [counted, countedByPeer] = [own.bitmap.get(other), peer.bitmap.get(self)]
  if (sameId(own.current, peer.current)) {
    if (counted !== undefined && countedByPeer === undefined) return 'source'
    if (counted === undefined && countedByPeer !== undefined) return 'target'
    if (own.wasPrimary !== peer.wasPrimary) return own.wasPrimary ? 'source' : 'target'
    return 'none'
  }
  if (sameId(own.current, countedByPeer)) return 'target'
  if (peer.history.some((id) => sameId(id, own.current))) return 'target'
  if (sameId(peer.current, counted)) return 'source'
  if (own.history.some((id) => sameId(id, peer.current))) return 'source'
  if (sameId(counted, countedByPeer)) return 'split brain'
  return own.history.some((id) => peer.history.some((one) => sameId(one, id))) ? 'split brain' : 'unrelated'
}
