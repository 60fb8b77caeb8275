import { BringupError } from '../errors.ts'
import { insertKey } from './ini_insert.ts'
import { findKey, readIni } from './ini_lines.ts'
import type { Assignment } from './ini_lines.ts'
import { joinLines, lineNumbers, replaceLine, splitLines } from './text_lines.ts'
import type { Line } from './text_lines.ts'

export interface IniTarget {
  readonly path: string
  /** Null for the keys before the first section, and for files without sections. */
  readonly section: string | null
  /** How values are quoted; undefined: as the value that is there, and none where it is new. */
  readonly quote?: '' | '"' | "'" | undefined
  /** What to do where a key is there several times: which one counts is for the program to say. */
  readonly duplicates: 'refuse' | 'remove'
}

/**
 * The text with each key set to its value in the section, or without it where the value is null. Comments, order,
 * indents and the way of writing `=` stay. Sections of one name count as one; a new key goes behind its commented-out
 * example, else behind the last key of the last of them.
 */
export function setKeys(
  text: string,
  target: IniTarget,
  values: Readonly<Record<string, string | null>>,
): string {
  let lines: readonly Line[] = splitLines(text)
  for (const [key, value] of Object.entries(values)) lines = withKey(lines, target, key, value)
  return joinLines(lines)
}

/** The text without the sections of that name, and all that is in them. */
export function removeSection(text: string, section: string): string {
  const lines = splitLines(text)
  const ini = readIni(lines)
  return joinLines(lines.filter((_, index) => ini[index]?.section !== section))
}

function withKey(
  lines: readonly Line[],
  target: IniTarget,
  key: string,
  value: string | null,
): readonly Line[] {
  const ini = readIni(lines)
  const found = findKey(lines, ini, target.section, key)
  if (value === null) return without(lines, found.flatMap(allOf))
  if (found.length > 1 && target.duplicates === 'refuse') throw ambiguous(target, key, found)
  const last = found.at(-1)
  if (last === undefined) return insertKey(lines, ini, target.section, key, written('', value, target.quote))
  const gone = [...found.slice(0, -1).flatMap(allOf), ...last.continued]
  const { quote } = target
  const same = last.continued.length === 0 && isValue(last.value, value, quote)
  const kept = same ? lines : replaceLine(lines, last.index, last.prefix + written(last.value, value, quote))
  return without(kept, gone)
}

const allOf = ({ index, continued }: Assignment): number[] => [index, ...continued]

const without = (lines: readonly Line[], gone: readonly number[]): readonly Line[] =>
  gone.length === 0 ? lines : lines.filter((_, index) => !gone.includes(index))

const QUOTED = /^(["'])(.*)\1$/

/** Whether the value as written is the wanted one; where quotes are not asked for, they make no difference. */
const isValue = (seen: string, value: string, quote: IniTarget['quote']): boolean =>
  quote === undefined ? seen === value || QUOTED.exec(seen)?.[2] === value : seen === quote + value + quote

/** The value as it is to be written in place of `seen`. */
function written(seen: string, value: string, quote: IniTarget['quote']): string {
  const kept = QUOTED.exec(seen)?.[1] ?? ''
  const around = quote ?? (QUOTED.test(value) || value.includes(kept) ? '' : kept)
  return around + value + around
}

const ambiguous = ({ path, section }: IniTarget, key: string, found: readonly Assignment[]): BringupError =>
  new BringupError(
    'REFUSED',
    `${key} is set ${found.length} times in ${section === null ? path : `[${section}] of ${path}`}`,
    {
      seen: lineNumbers(found.map(({ index }) => index)),
      remedy: "Remove what is wrong by hand, or set duplicates: 'remove' to keep the last one.",
    },
  )
