import { setTimeout as pause } from 'node:timers/promises'
import { statusExitCode } from '../cluster/status/all_status.ts'
import type { AllStatus } from '../cluster/status/all_status.ts'
import type { Seconds } from '../connection/remote.ts'
import { createLineChanges } from '../report/line_changes.ts'
import { createLiveScreen } from '../report/live_screen.ts'
import { statusText } from '../report/status_text.ts'
import { painter } from '../report/style.ts'
import { statusJson } from './status_json.ts'

interface Show {
  next(status: AllStatus): void
  end(): void
}

/**
 * Shows the status again and again: on a terminal in place, otherwise what changes, or a line of JSON each time.
 * @returns 130 once `signal` ends it; where nobody reads any more, the exit code of the last status
 */
export async function watchStatus(
  look: () => Promise<AllStatus>,
  options: { readonly every: Seconds; readonly output: 'text' | 'json'; readonly signal: AbortSignal },
): Promise<number> {
  const unread = new AbortController()
  // A pipe whose reader went away, a terminal that was closed.
  const onError = (): void => unread.abort()
  process.stdout.on('error', onError)
  const over = AbortSignal.any([options.signal, unread.signal])
  const show = showFor(options)
  let exitCode = 0
  try {
    for (;;) {
      const status = await look()
      exitCode = statusExitCode(status)
      show.next(status)
      await pause(options.every * 1000, undefined, { signal: over })
    }
  } catch (error) {
    if (!over.aborted) throw error
    return options.signal.aborted ? 130 : exitCode
  } finally {
    show.end()
  }
}

function showFor({ every, output }: { every: Seconds; output: 'text' | 'json' }): Show {
  const { stdout } = process
  const clock = (): string => new Date().toTimeString().slice(0, 8)
  if (output === 'json') return { next: (status) => stdout.write(`${statusJson(status)}\n`), end: () => {} }
  if (!stdout.isTTY) {
    const changes = createLineChanges((text) => stdout.write(text))
    return { next: (status) => changes(statusText(status, painter(false)), clock()), end: () => {} }
  }
  const paint = painter(stdout.hasColors())
  const screen = createLiveScreen(stdout)
  return {
    next(status) {
      const head = paint('dim', `${clock()}, every ${every} s; Ctrl-C ends`)
      screen.draw(`${head}\n\n${statusText(status, paint)}`)
    },
    end: () => screen.end(),
  }
}
