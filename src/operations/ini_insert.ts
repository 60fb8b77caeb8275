import { indentOf, literally, readIni } from './ini_lines.ts'
import type { IniLine } from './ini_lines.ts'
import { insertLines } from './text_lines.ts'
import type { Line } from './text_lines.ts'

/**
 * Puts a new key into the last section of that name, written as its neighbours are; makes the section where there is
 * none.
 * @param value as it is to be written, with its quotes
 */
export function insertKey(
  lines: readonly Line[],
  ini: readonly IniLine[],
  section: string | null,
  key: string,
  value: string,
): Line[] {
  const part = section === null ? 0 : ini.findLast((line) => line.section === section)?.part
  const assignment = key + delimiterIn(lines, ini, part) + value
  if (part === undefined) {
    const gap = lines.length > 0 && ini.at(-1)?.role !== 'blank' ? [''] : []
    return insertLines(lines, lines.length, [...gap, `[${section}]`, assignment])
  }
  const inside = ini.flatMap((line, index) => (line.part === part ? [index] : []))
  const keys = inside.filter((index) => ini[index]?.role === 'key' || ini[index]?.role === 'continuation')
  const text = indentOf(lines[keys[0] ?? -1]?.text ?? '') + assignment
  const last = keys.at(-1) ?? whereNoKeysAre(inside, ini, section)
  for (const after of [exampleOf(key, lines, inside) ?? last, last]) {
    const inserted = insertLines(lines, after + 1, [text])
    const [line, ...others] = readIni(inserted).toSpliced(0, after + 1)
    // Within a value that goes on, or behind a backslash, it would not be a key, or cut that value in two.
    const next = others.find(({ role }) => role !== 'comment')
    const cuts = next?.role === 'continuation' || !sameRoles(others, ini.slice(after + 1))
    if (line?.role === 'key' && !cuts) return inserted
  }
  return insertLines(lines, (inside.at(-1) ?? last) + 1, ['', text])
}

const sameRoles = (one: readonly IniLine[], other: readonly IniLine[]): boolean =>
  one.every(({ role }, index) => role === other[index]?.role)

/** The last comment that shows how the key is set. */
function exampleOf(key: string, lines: readonly Line[], inside: readonly number[]): number | undefined {
  const example = new RegExp(`^\\s*[#;]\\s*${literally(key)}\\s*[=:]`)
  return inside.findLast((index) => example.test(lines[index]?.text ?? ''))
}

/** A section's header; before the first header, the last line that is not blank. */
const whereNoKeysAre = (
  inside: readonly number[],
  ini: readonly IniLine[],
  section: string | null,
): number =>
  section === null ? (inside.findLast((index) => ini[index]?.role !== 'blank') ?? -1) : (inside[0] ?? -1)

/** How the neighbours write it: `=`, ` = `, `: `. Plain `=` where there are none, since every program takes that. */
function delimiterIn(lines: readonly Line[], ini: readonly IniLine[], part: number | undefined): string {
  const keys = lines.filter((_, index) => ini[index]?.role === 'key')
  const near = lines.filter((_, index) => ini[index]?.role === 'key' && ini[index].part === part)
  for (const { text } of [...near.toReversed(), ...keys.toReversed()]) {
    const found = /^[^=:]*?(\s*[=:][ \t]*)\S/.exec(text)?.[1]
    if (found !== undefined) return found.replace(/^\s+|\s+$/g, ' ')
  }
  return '='
}
