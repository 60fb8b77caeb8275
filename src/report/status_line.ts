import type { WriteStream } from 'node:tty'

/** One line at the bottom of a terminal that is replaced in place; empty text takes it away. */
export function createStatusLine(terminal: WriteStream): (text: string) => void {
  let shown = false
  return (text) => {
    if (!shown && text === '') return
    const fitting = text.length > terminal.columns - 2 ? `${text.slice(0, terminal.columns - 3)}…` : text
    terminal.write(`\r\u001B[2K${fitting === '' ? '' : `\u001B[2m${fitting}\u001B[22m`}`)
    shown = text !== ''
  }
}
