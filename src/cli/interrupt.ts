import { BringupError } from '../errors.ts'

/**
 * How long (ms) signals count as one: a terminal sends Ctrl-C to npx, to us and to whoever started us, and the others
 * pass it on.
 */
const SAME = 300

/**
 * Ctrl-C, SIGTERM and SIGHUP, turned into an abort: the first lets the run stop cleanly (commands are ended on the
 * hosts, the recap says where it was); the second ends the process at once.
 */
export function interruptible(): { signal: AbortSignal; done(): void } {
  const controller = new AbortController()
  let first = 0
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (performance.now() - first > SAME) process.exit(130)
      return
    }
    first = performance.now()
    process.stderr.write(
      `\n${signal === 'SIGINT' ? 'Ctrl-C' : signal}: stopping cleanly; once more to leave at once\n`,
    )
    controller.abort(
      new BringupError('INTERRUPTED', 'interrupted', {
        remedy: 'Run it again: what is done already is seen, and kept.',
      }),
    )
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  return {
    signal: controller.signal,
    done: () => {
      for (const signal of signals) process.off(signal, stop)
    },
  }
}
