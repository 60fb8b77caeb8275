import type { Generation } from '../status/generation.ts'
import type { SharedNode } from './shared.ts'

/** How the data of two nodes stand to each other, by their generations. */
export type Relation = 'same' | 'older' | 'newer' | 'diverged' | 'unknown'

/** Of the first to the second: `older` means that the second has all that the first has, and more. */
export function relationOf(a: Generation, b: Generation): Relation {
  if (plain(a.current) === plain(b.current)) return 'same'
  if (wasThere(a, b)) return 'older'
  return wasThere(b, a) ? 'newer' : 'diverged'
}

/** The lowest bit says that the node was primary, and is no part of the generation. */
function plain(id: string): string {
  return (BigInt(`0x${id}`) & ~1n).toString(16)
}

const wasThere = (past: Generation, now: Generation): boolean =>
  [...now.bitmap, ...now.history].some((id) => plain(id) === plain(past.current))

/** The worst of all volumes of a resource. */
export function relationOfNodes(name: string, a: SharedNode, b: SharedNode): Relation {
  const volumes = (a.state?.volumes ?? []).map(({ volume }) => `${name}/${volume}`)
  const relations = volumes.map((key): Relation => {
    const [one, other] = [a.drbd?.generations.get(key), b.drbd?.generations.get(key)]
    return one === undefined || other === undefined ? 'unknown' : relationOf(one, other)
  })
  const kinds = new Set(relations.filter((relation) => relation !== 'same'))
  if (kinds.has('diverged') || (kinds.has('older') && kinds.has('newer'))) return 'diverged'
  return relations.includes('unknown') || relations.length === 0 ? 'unknown' : ([...kinds][0] ?? 'same')
}
