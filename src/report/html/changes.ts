import type { Change } from '../../operations/operation.ts'
import { unifiedDiff } from '../diff.ts'
import { markup } from './markup.ts'
import type { Markup } from './markup.ts'

/** Longer diffs are folded. */
const OPEN_LINES = 40

/** What changed, in words, then as coloured diffs. */
export function changesPart(changes: readonly Change[]): Markup {
  const summaries = summariesOf(changes)
  return markup`${summaries.length > 1 && markup`<ul class="changes">${summaries.map((summary) => markup`<li>${summary}</li>`)}</ul>\n`}${changes.map(diffPart)}`
}

/** On the task's own line: the one change, or how many. */
export function changesInShort(changes: readonly Change[]): string {
  const summaries = summariesOf(changes)
  return summaries.length <= 1 ? (summaries[0] ?? '') : `${summaries.length} changes`
}

export function summariesOf(changes: readonly Change[]): string[] {
  return changes.map((change) => change.summary).filter((summary) => summary !== '')
}

export function hasDiff(changes: readonly Change[]): boolean {
  return changes.some(({ diff }) => diff !== undefined && diff.before !== diff.after)
}

function diffPart(change: Change): Markup | null {
  const diff = unifiedDiff(change)
  if (diff === null) return null
  const lines = diff.split('\n')
  const body = markup`<pre class="diff">${lines.map((line, index) => markup`<span class="${lookOf(line, index)}">${line === '' ? ' ' : line}</span>`)}</pre>`
  if (lines.length <= OPEN_LINES) return body
  return markup`<details class="fold"><summary>${change.diff?.path} <small>${lines.length} lines of diff</small></summary>${body}</details>\n`
}

/** The first two lines name the files; after them, a line may well begin with `---` because of what it holds. */
function lookOf(line: string, index: number): string {
  if (index < 2) return 'file'
  if (line.startsWith('+')) return 'added'
  if (line.startsWith('-')) return 'removed'
  return line.startsWith('@@') ? 'hunk' : 'same'
}
