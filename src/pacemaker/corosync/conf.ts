import { BringupError } from '../../errors.ts'

/** One `name { … }` of corosync.conf with what is in it, in order: names may repeat (`interface`, `node`). */
export interface Section {
  readonly name: string
  readonly entries: readonly Entry[]
}

interface Option {
  readonly key: string
  readonly value: string
}

export type Entry = Section | Option

function isSection(entry: Entry): entry is Section {
  return 'name' in entry
}

/**
 * Reads corosync.conf of corosync 2 or 3 as corosync does (coroparse.c): one thing per line, `#` begins a comment only
 * at the start of a line, a key ends at its first colon. Comments are not kept.
 *
 * @returns the whole file as a section without a name
 * @throws BringupError FILE_UNREADABLE with the line that corosync would refuse
 */
export function parseConf(text: string): Section {
  const stack: { name: string; entries: Entry[] }[] = [{ name: '', entries: [] }]
  const wrong = (line: number, message: string) =>
    new BringupError('FILE_UNREADABLE', `corosync.conf line ${line}: ${message}`, {
      remedy: 'Compare the file with corosync.conf(5).',
    })
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const top = stack.at(-1)!
    if (line.endsWith('{')) {
      const section = { name: line.slice(0, -1).trim(), entries: [] }
      if (section.name === '') throw wrong(index + 1, 'a section without a name')
      top.entries.push(section)
      stack.push(section)
    } else if (line === '}') {
      if (stack.length === 1) throw wrong(index + 1, '"}" without a section')
      stack.pop()
    } else {
      const colon = line.indexOf(':')
      if (colon <= 0) throw wrong(index + 1, `"${line}" is neither a section nor "name: value"`)
      top.entries.push({ key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() })
    }
  }
  if (stack.length > 1) throw wrong(text.split('\n').length, `section ${stack.at(-1)!.name} is not closed`)
  return stack[0]!
}

/** The file's text, laid out as pcs does. `parseConf(renderConf(conf))` gives `conf` again. */
export function renderConf(conf: Section): string {
  return `${lines(conf, '').join('\n').trim()}\n`
}

function lines(section: Section, indent: string): string[] {
  const out: string[] = []
  for (const [index, entry] of section.entries.entries()) {
    if (!isSection(entry)) {
      out.push(`${indent}${entry.key}: ${entry.value}`.trimEnd())
      continue
    }
    if (index > 0) out.push('')
    out.push(`${indent}${entry.name} {`, ...lines(entry, `${indent}    `), `${indent}}`)
  }
  return out
}

export function sections(conf: Section, name: string): Section[] {
  return conf.entries.filter(isSection).filter((section) => section.name === name)
}

/** The last value of a key, which is the one that corosync takes. */
export function value(section: Section | undefined, key: string): string | undefined {
  const found = section?.entries.findLast((entry) => !isSection(entry) && entry.key === key)
  return found === undefined || isSection(found) ? undefined : found.value
}

/** All keys and values of a section, without the sections in it. */
export function values(section: Section | undefined): Record<string, string> {
  const plain = (section?.entries ?? []).filter(isOption)
  return Object.fromEntries(plain.map((entry) => [entry.key, entry.value]))
}

function isOption(entry: Entry): entry is Option {
  return 'key' in entry
}
