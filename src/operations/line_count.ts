/** How many lines an edit adds and removes, as a diff would show it: `+2 −1 lines`. */
export function lineCountText(before: string, after: string): string {
  const { added, removed } = countLines(linesOf(before), linesOf(after))
  const parts = [added > 0 ? `+${added}` : '', removed > 0 ? `−${removed}` : ''].filter((part) => part !== '')
  return `${parts.join(' ')} ${added + removed === 1 ? 'line' : 'lines'}`
}

const linesOf = (text: string): string[] => text.split(/(?<=\n)/).filter((line) => line !== '')

/** Above this many cells the exact count costs more than it tells: then all lines of the changed part are counted. */
const MOST_CELLS = 1_000_000

function countLines(before: readonly string[], after: readonly string[]): { added: number; removed: number } {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  const shorter = Math.min(before.length, after.length) - start
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end += 1
  const old = before.slice(start, before.length - end)
  const now = after.slice(start, after.length - end)
  const kept = old.length * now.length > MOST_CELLS ? 0 : longestCommon(old, now)
  return { added: now.length - kept, removed: old.length - kept }
}

/** Length of the longest common subsequence. */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row = Array.from({ length: other.length + 1 }, () => 0)
  for (const line of one) {
    const next = [0]
    for (const [index, candidate] of other.entries())
      next.push(line === candidate ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0))
    row = next
  }
  return row.at(-1) ?? 0
}
