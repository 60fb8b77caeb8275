import type { Line } from './text_lines.ts'

/** What a line of an ini-like file is. */
export interface IniLine {
  readonly role: 'header' | 'key' | 'continuation' | 'comment' | 'blank'
  /** Counts headers: lines of one part have the same. 0 is before the first header. */
  readonly part: number
  /** Name of the section; null before the first header. */
  readonly section: string | null
}

/** `key = …`, without what only a value would begin with; tells a key that is indented from a value's next line. */
const LOOKS_LIKE_KEY = /^\s*[\w.-][\w .-]*(=|:(\s|$))/

/**
 * Says of each line what it is. A value goes on in the next line where its own ends with a backslash, or where the next
 * one stands further in (as multi-line values of Python's configparser and of yum's .repo files).
 */
export function readIni(lines: readonly Line[]): IniLine[] {
  let part = 0
  let section: string | null = null
  let keyIndent: string | null = null
  let open = false
  return lines.map(({ text }) => {
    const role = ((): IniLine['role'] => {
      if (text.trim() === '') return 'blank'
      if (/^\s*[#;]/.test(text)) return 'comment'
      if (open) return 'continuation'
      if (keyIndent !== null && indentOf(text).length > keyIndent.length && !LOOKS_LIKE_KEY.test(text))
        return 'continuation'
      return headerName(text) === null ? 'key' : 'header'
    })()
    if (role === 'header') {
      part += 1
      section = headerName(text)
    }
    if (role === 'key') keyIndent = indentOf(text)
    if (role === 'header' || role === 'blank') keyIndent = null
    if (role !== 'comment') open = (role === 'key' || role === 'continuation') && text.endsWith('\\')
    return { role, part, section }
  })
}

const headerName = (text: string): string | null =>
  /^\s*\[([^\]]*)\]\s*([#;].*)?$/.exec(text)?.[1]?.trim() ?? null

export const indentOf = (text: string): string => /^\s*/.exec(text)?.[0] ?? ''

/** A key with its value, where it stands. */
export interface Assignment {
  /** Indices of its line and of those that continue the value. */
  readonly index: number
  readonly continued: readonly number[]
  /** Indent, key, delimiter and the blanks around it. */
  readonly prefix: string
  /** As written, with its quotes. */
  readonly value: string
}

/** A text as a regular expression of itself. */
export const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')

/** All places where a key is set in the sections of that name, in order. */
export function findKey(
  lines: readonly Line[],
  ini: readonly IniLine[],
  section: string | null,
  key: string,
): Assignment[] {
  const pattern = new RegExp(`^(\\s*${literally(key)})(\\s*[=:][ \\t]*|\\s*$)`)
  return lines.flatMap(({ text }, index) => {
    const match = pattern.exec(text)
    if (match === null || ini[index]?.role !== 'key' || ini[index].section !== section) return []
    const [whole, start = '', delimiter = ''] = match
    const prefix = delimiter.trim() === '' ? `${start}=` : whole
    return [
      { index, continued: continuedFrom(ini, index), prefix, value: text.slice(whole.length).trimEnd() },
    ]
  })
}

function continuedFrom(ini: readonly IniLine[], key: number): number[] {
  const next = ini.findIndex(
    ({ role }, index) => index > key && role !== 'continuation' && role !== 'comment',
  )
  const end = next === -1 ? ini.length : next
  return ini.flatMap(({ role }, index) =>
    index > key && index < end && role === 'continuation' ? [index] : [],
  )
}
