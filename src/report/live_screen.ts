import type { WriteStream } from 'node:tty'
import { wrapped } from './wrap.ts'

/** A terminal that shows one text, redrawn in place. */
export interface LiveScreen {
  draw(text: string): void
  /** Gives the terminal back as it was, with the last text on it. */
  end(): void
}

const OPEN = '\u001B[?1049h\u001B[?25l'
const CLOSE = '\u001B[?25h\u001B[?1049l'

/** What does not fit on the terminal is counted: nothing scrolls away above. */
export function createLiveScreen(
  terminal: Pick<WriteStream, 'columns' | 'rows' | 'write' | 'on' | 'off'>,
): LiveScreen {
  let shown: string | null = null
  const render = (): void => {
    if (shown === null) return
    const lines = wrapped(shown, terminal.columns).split('\n')
    const fitting =
      lines.length <= terminal.rows
        ? lines
        : [
            ...lines.slice(0, terminal.rows - 1),
            `… ${lines.length - terminal.rows + 1} more lines: make the terminal taller`.slice(
              0,
              terminal.columns,
            ),
          ]
    terminal.write(`\u001B[H${fitting.map((line) => `\u001B[2K${line}`).join('\r\n')}\u001B[J`)
  }
  // Also where the process is ended at once: a shell without a cursor helps nobody.
  const restore = (): void => void terminal.write(CLOSE)
  return {
    draw(text) {
      if (shown === null) {
        terminal.write(OPEN)
        process.once('exit', restore)
        terminal.on('resize', render)
      }
      shown = text
      render()
    },
    end() {
      if (shown === null) return
      process.off('exit', restore)
      terminal.off('resize', render)
      restore()
      terminal.write(`${wrapped(shown, terminal.columns)}\n`)
      shown = null
    },
  }
}
