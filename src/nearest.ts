/**
 * How many single edits (insert, delete, replace, swap two neighbours) lead from `a` to `b`: the optimal string
 * alignment distance. Gives up early, with `limit + 1`, where it is more than `limit`.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(replaced, previous[j]! + 1, row[j - 1]! + 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) best = Math.min(best, beforePrevious[j - 2]! + 1)
      row.push(best)
    }
    if (Math.min(...row) > limit) return limit + 1
    beforePrevious = previous
    previous = row
  }
  return Math.min(previous[b.length]!, limit + 1)
}

/** The most edits at which a name still looks like another, mistyped: two, fewer for short names. */
export const typoLimit = (name: string): number => (name.length <= 2 ? 0 : name.length <= 4 ? 1 : 2)

/** The known name that `name` was most likely meant to be, or null where none is near. */
export function nearest(name: string, known: Iterable<string>, limit = typoLimit(name)): string | null {
  let best: string | null = null
  let within = limit
  const wanted = name.toLowerCase()
  for (const candidate of known) {
    const distance = editDistance(wanted, candidate.toLowerCase(), within)
    if (distance > within || (best !== null && distance === within)) continue
    best = candidate
    within = distance
  }
  return best
}

/** ` (did you mean "cluster"?)`, or nothing where no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known, Math.max(typoLimit(name), Math.floor(name.length / 3)))
  return meant === null ? '' : ` (did you mean "${meant}"?)`
}
