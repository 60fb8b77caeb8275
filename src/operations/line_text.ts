import { BringupError } from '../errors.ts'
import { insertLines, joinLines, lineNumbers, replaceLine, splitLines } from './text_lines.ts'
import type { Line } from './text_lines.ts'

/** Where something new goes in a file. */
export interface Anchor {
  /** Behind the last line that matches. */
  readonly insertAfter?: RegExp | undefined
  /** Before the first line that matches. */
  readonly insertBefore?: RegExp | undefined
}

export interface WantedLine extends Anchor {
  readonly path: string
  readonly line: string
  /** The line that it replaces. */
  readonly match?: RegExp | undefined
  /** What to do where several lines match: which of them counts is for the program to say, not for us. */
  readonly duplicates: 'refuse' | 'remove'
}

/**
 * The text with the line in it, once where `match` is given: the line that matches becomes it, else it is inserted, by
 * default at the end.
 */
export function addLine(text: string, want: WantedLine): string {
  const lines = splitLines(text)
  const found = indicesOf(lines, (line) => line === want.line || matches(want.match, line))
  const same = found.filter((index) => lines[index]?.text === want.line)
  const [kept = found[0]] = same
  if (kept === undefined) return joinLines(insertLines(lines, anchorIn(lines, want), [want.line]))
  if (same.length === found.length) return text
  if (found.length > 1 && want.duplicates === 'refuse')
    throw new BringupError(
      'REFUSED',
      `${lineNumbers(found)} of ${want.path} are all what is to be one line`,
      {
        expected: `one line that matches ${String(want.match)}`,
        remedy: "Make match say which of them is meant, or set duplicates: 'remove' to keep one.",
      },
    )
  const others = found.filter((index) => index !== kept)
  return joinLines(replaceLine(lines, kept, want.line).filter((_, index) => !others.includes(index)))
}

/** The text without the line, and without any that match. */
export function removeLine(text: string, line: string | undefined, match: RegExp | undefined): string {
  return joinLines(splitLines(text).filter((one) => one.text !== line && !matches(match, one.text)))
}

/** Index that something new goes before. @throws BringupError REFUSED where the anchor is nowhere */
export function anchorIn(
  lines: readonly Line[],
  { path, insertAfter, insertBefore }: Anchor & { path: string },
): number {
  const anchor = insertAfter ?? insertBefore
  if (anchor === undefined || lines.length === 0) return lines.length
  const found = indicesOf(lines, (line) => matches(anchor, line))
  const index = insertAfter === undefined ? found[0] : found.at(-1)
  if (index === undefined)
    throw new BringupError('REFUSED', `no line of ${path} matches ${String(anchor)}, where to insert`, {
      remedy: 'Correct insertAfter or insertBefore, or leave it out to insert at the end.',
    })
  return insertAfter === undefined ? index : index + 1
}

const indicesOf = (lines: readonly Line[], test: (line: string) => boolean): number[] =>
  lines.flatMap(({ text }, index) => (test(text) ? [index] : []))

/** Whether a line matches; a `g` or `y` flag must not make it depend on the match before. */
const matches = (pattern: RegExp | undefined, line: string): boolean =>
  pattern !== undefined && line.search(pattern) !== -1
