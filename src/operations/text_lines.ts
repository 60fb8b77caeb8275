/** One line of a text with its own line end: `\n`, `\r\n`, or none for a last line that lacks it. */
export interface Line {
  readonly text: string
  readonly end: string
}

/** Cuts a text into lines that {@link joinLines} makes the very same text of. */
export function splitLines(text: string): Line[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((whole) => {
    const end = /\r?\n$/.exec(whole)?.[0] ?? ''
    return { text: whole.slice(0, whole.length - end.length), end }
  })
}

export const joinLines = (lines: readonly Line[]): string => lines.map(({ text, end }) => text + end).join('')

/** Puts lines in before `index`, with the line end that the text has; a last line without one gets it. */
export function insertLines(lines: readonly Line[], index: number, texts: readonly string[]): Line[] {
  const end = lines.find((line) => line.end !== '')?.end ?? '\n'
  const before = lines.slice(0, index).map((line) => (line.end === '' ? { ...line, end } : line))
  return [...before, ...texts.map((text) => ({ text, end })), ...lines.slice(index)]
}

/** Replaces one line's text and keeps its end. */
export const replaceLine = (lines: readonly Line[], index: number, text: string): Line[] =>
  lines.map((line, at) => (at === index ? { ...line, text } : line))

/** Line numbers for people, from indices. */
export const lineNumbers = (indices: readonly number[]): string =>
  `${indices.length === 1 ? 'line' : 'lines'} ${indices.map((index) => index + 1).join(', ')}`
