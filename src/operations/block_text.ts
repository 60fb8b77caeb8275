import { BringupError } from '../errors.ts'
import { anchorIn } from './line_text.ts'
import type { Anchor } from './line_text.ts'
import { insertLines, joinLines, lineNumbers, splitLines } from './text_lines.ts'
import type { Line } from './text_lines.ts'

export interface Marks {
  readonly begin: string
  readonly end: string
}

/** The lines around a block: `# BEGIN bringup NAME`, with the comment sign of the file's language. */
export const marksOf = (name: string, [open, close = '']: readonly [string, string?]): Marks => ({
  begin: `${open} BEGIN bringup ${name}${close && ` ${close}`}`,
  end: `${open} END bringup ${name}${close && ` ${close}`}`,
})

export interface WantedBlock extends Anchor {
  readonly path: string
  readonly marks: Marks
  readonly block: string
}

/** The text with the block between its marks: where it is already, else at the anchor, else at the end. */
export function putBlock(text: string, want: WantedBlock): string {
  const lines = splitLines(text)
  const at = find(lines, want.path, want.marks)
  const block = [want.marks.begin, ...splitLines(want.block).map((line) => line.text), want.marks.end]
  if (at === null) return joinLines(insertLines(lines, anchorIn(lines, want), block))
  const now = lines.slice(at.begin, at.end + 1)
  if (now.length === block.length && now.every((line, index) => line.text === block[index])) return text
  const rest = [...lines.slice(0, at.begin), ...lines.slice(at.end + 1)]
  return joinLines(insertLines(rest, at.begin, block))
}

/** The text without the block and its marks. */
export function removeBlock(text: string, path: string, marks: Marks): string {
  const lines = splitLines(text)
  const at = find(lines, path, marks)
  if (at === null) return text
  return joinLines([...lines.slice(0, at.begin), ...lines.slice(at.end + 1)])
}

/** Where the marks are; null where there are none. @throws BringupError REFUSED where they are not one pair */
function find(lines: readonly Line[], path: string, marks: Marks): { begin: number; end: number } | null {
  const indices = (mark: string): number[] =>
    lines.flatMap((line, index) => (line.text.trimEnd() === mark ? [index] : []))
  const begins = indices(marks.begin)
  const ends = indices(marks.end)
  const [begin] = begins
  const [end] = ends
  if (begin === undefined && end === undefined) return null
  if (begins.length === 1 && ends.length === 1 && begin !== undefined && end !== undefined && begin < end)
    return { begin, end }
  const all = [...begins, ...ends].toSorted((a, b) => a - b)
  throw new BringupError('REFUSED', `the marks of a block in ${path} are not one pair`, {
    expected: `${marks.begin} … ${marks.end}, once`,
    seen: `marks on ${lineNumbers(all)}`,
    remedy: 'Repair or remove them by hand: what is between them cannot be told from the rest of the file.',
  })
}
