import { JUST_CREATED } from './status/generation.ts'
import type { Generation } from './status/generation.ts'

/**
 * How the data of two nodes stand to each other, by their generations. Of the first to the second: `older` means that the
 * second has all that the first has, and more; `diverged` that each has what the other has not, since a generation that
 * both know; `unrelated` that they have none in common.
 */
export type Relation = 'same' | 'older' | 'newer' | 'diverged' | 'unrelated'

/** What DRBD makes of it too (drbd_receiver.c, drbd_uuid_compare), but for metadata that were just created. */
export function relationOf(a: Generation, b: Generation): Relation {
  if (plain(a.current) === plain(b.current)) return 'same'
  const [isOlder, isNewer] = [pastOf(b).has(plain(a.current)), pastOf(a).has(plain(b.current))]
  // Each in the other's past: a disk was put back to what it once was, and there is no telling which.
  if (isOlder && isNewer) return 'diverged'
  if (isOlder) return 'older'
  if (isNewer) return 'newer'
  return pastOf(a).isDisjointFrom(pastOf(b)) ? 'unrelated' : 'diverged'
}

/** The lowest bit says that the node was primary, and is no part of the generation. */
export function plain(id: string): string {
  return (BigInt(`0x${id}`) & ~1n).toString(16)
}

// Every resource of 8.4 begins with it, and has it in its history from then on.
const BEGINNING = plain(JUST_CREATED)

const pastOf = ({ bitmap, history }: Generation): Set<string> =>
  new Set([...bitmap, ...history].map(plain).filter((id) => id !== BEGINNING))

/** Of several volumes: what holds for all of them, the worst of what does not; undefined where nothing is known. */
export function relationOfAll(relations: readonly Relation[]): Relation | undefined {
  const kinds = new Set(relations)
  if (kinds.has('diverged') || (kinds.has('older') && kinds.has('newer'))) return 'diverged'
  return (['unrelated', 'newer', 'older', 'same'] as const).find((kind) => kinds.has(kind))
}
