import { BringupError } from '../errors.ts'

/** One statement of a drbd.conf(5) text, with the sections that it stands in: `['resource r0', 'net', 'protocol C']`. */
export type ConfLine = readonly string[]

/**
 * A drbd.conf(5) text without what makes no difference: blanks, comments, quotes. A section without statements is a line
 * of its own.
 * @throws BringupError VALIDATION_FAILED where braces or quotes do not match
 */
export function confLines(text: string): ConfLine[] {
  const lines: ConfLine[] = []
  const sections: { head: string; isEmpty: boolean }[] = []
  let words: string[] = []
  const heads = (): string[] => sections.map(({ head }) => head)
  for (const token of tokens(text)) {
    if (token === '{') {
      for (const section of sections) section.isEmpty = false
      sections.push({ head: words.join(' '), isEmpty: true })
      words = []
    } else if (token === '}') {
      const section = sections.at(-1)
      if (section === undefined || words.length > 0) throw unreadable(text)
      if (section.isEmpty) lines.push(heads())
      sections.pop()
    } else if (token === ';') {
      for (const section of sections) section.isEmpty = false
      lines.push([...heads(), words.join(' ')])
      words = []
    } else words.push(token.startsWith('"') ? token.slice(1, -1).replace(/\\(.)/g, '$1') : token)
  }
  if (sections.length > 0 || words.length > 0) throw unreadable(text)
  return lines
}

function tokens(text: string): string[] {
  const found = [...text.matchAll(/#.*|"(?:[^"\\\n]|\\.)*"|[{};]|[^\s"{};#]+|"/g)].map(([token]) => token)
  if (found.includes('"')) throw unreadable(text)
  return found.filter((token) => !token.startsWith('#'))
}

const unreadable = (text: string): BringupError =>
  new BringupError('VALIDATION_FAILED', 'a configuration of DRBD could not be read', {
    expected: 'statements that end with ";", in sections whose braces match',
    seen: text.slice(0, 200),
    remedy: 'See what drbdadm dump says of it on the node.',
  })
