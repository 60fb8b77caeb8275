import { stripVTControlCharacters } from 'node:util'

/**
 * Breaks lines at spaces so that none is wider than a terminal. What goes on stands under what it belongs to: behind a
 * mark, or behind the heading of a table's row. A word that is wider than the terminal is broken anywhere.
 */
export function wrapped(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap((line) => wrappedLine(line, Math.max(columns, 10)))
    .join('\n')
}

const width = (text: string): number => stripVTControlCharacters(text).length

function wrappedLine(line: string, columns: number): string[] {
  if (width(line) <= columns) return [line]
  const margin = ' '.repeat(Math.min(marginOf(stripVTControlCharacters(line)), Math.floor(columns / 2)))
  const lines: string[] = []
  let current = ''
  let isBegun = false
  // Each word with the spaces before it: the columns of a table stay as they are.
  for (const [word = ''] of line.matchAll(/ *[^ ]+/g)) {
    if (isBegun && width(current) + width(word) > columns) {
      lines.push(current)
      current = margin + word.trimStart()
    } else current += word
    isBegun = true
    while (width(current) > columns) {
      const [head, tail] = cut(current, columns)
      lines.push(head)
      current = margin + tail
    }
  }
  return [...lines, current]
}

/** After so many columns; sequences that give colours take none. */
function cut(text: string, columns: number): [string, string] {
  let at = 0
  let seen = 0
  // oxlint-disable-next-line no-control-regex -- colours begin with it
  for (const [piece] of text.matchAll(/\u001B\[[\d;]*m|[^]/g)) {
    if (seen === columns && piece.length === 1) break
    if (piece.length === 1) seen += 1
    at += piece.length
  }
  return [text.slice(0, at), text.slice(at)]
}

/** Of `  ✗ text`, `    next  text` and `  resources  text`: where the text begins. */
function marginOf(line: string): number {
  const [head = ''] = /^ *(?:[✗✓!·] |\S{1,12} {2,})?/.exec(line) ?? []
  return head.length
}
