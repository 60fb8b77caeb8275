import { createTwoFilesPatch } from 'diff'
import type { Change } from '../operations/operation.ts'

const CONTEXT_LINES = 3
const MOST_LINES = 200

/** The unified diff of a change, without trailing newline; null where it has none to show. */
export function unifiedDiff(change: Change): string | null {
  if (change.diff === undefined) return null
  const { path, before, after } = change.diff
  if (before === after) return null
  const patch = createTwoFilesPatch(
    before === null ? '/dev/null' : path,
    after === null ? '/dev/null' : path,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: CONTEXT_LINES },
  )
  const lines = patch
    .trimEnd()
    .split('\n')
    .filter((line) => !/^(=====|Index: )/.test(line))
  if (lines.length <= MOST_LINES) return lines.join('\n')
  return [...lines.slice(0, MOST_LINES), `… ${lines.length - MOST_LINES} more lines`].join('\n')
}
