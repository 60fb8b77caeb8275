import { relationOf, relationOfAll } from '../relation.ts'
import type { Relation } from '../relation.ts'
import type { SharedNode } from './shared.ts'

/** How the data of two nodes stand to each other in all volumes of a resource, as far as that is known. */
export function relationOfNodes(name: string, a: SharedNode, b: SharedNode): Relation | 'unknown' {
  const volumes = (a.state?.volumes ?? []).map(({ volume }) => `${name}/${volume}`)
  const relations = volumes.map((key) => {
    const [one, other] = [a.drbd?.generations.get(key), b.drbd?.generations.get(key)]
    return one === undefined || other === undefined ? undefined : relationOf(one, other)
  })
  const known = relations.filter((relation) => relation !== undefined)
  const worst = relationOfAll(known)
  // One volume that went two ways is enough; that all others agree, one that is not known can change.
  if (worst === 'diverged' || worst === 'unrelated') return worst
  return worst === undefined || known.length < relations.length ? 'unknown' : worst
}
