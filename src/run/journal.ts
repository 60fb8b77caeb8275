import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BringupError } from '../errors.ts'
import type { TimedEvent } from './events.ts'

export interface Journal {
  /** `.bringup/runs/<run>/journal.jsonl` */
  readonly file: string
  write(event: TimedEvent): void
  close(): void
}

/**
 * Opens the journal of a new run; readable by its owner only, since output of commands goes into it.
 * @throws BringupError JOURNAL_FAILED, also when writing
 */
export function openJournal(runsDirectory: string, run: string): Journal {
  const directory = join(runsDirectory, run)
  const file = join(directory, 'journal.jsonl')
  const descriptor = orFailed(file, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return openSync(file, 'a', 0o600)
  })
  return {
    file,
    // Written at once and by line: a killed controller leaves a journal that is true up to its last line.
    write: (event) =>
      orFailed(file, () => {
        appendFileSync(descriptor, JSON.stringify(event) + '\n')
        // What the next run must know outlives a power cut of the controller too.
        if (event.type === 'begin' || event.type.startsWith('handler_')) fsyncSync(descriptor)
      }),
    close: () => {
      fsyncSync(descriptor)
      closeSync(descriptor)
    },
  }
}

function orFailed<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw new BringupError('JOURNAL_FAILED', `the journal of the run can not be written: ${file}`, {
      cause,
      seen: cause instanceof Error ? cause.message : String(cause),
      remedy: 'Make room for it, or run in a directory of your own. Nothing is done that is not on record.',
    })
  }
}

/** Events of one journal; a last line that was cut off by a crash is left out. */
export function readJournal(file: string): TimedEvent[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as TimedEvent]
      } catch {
        return []
      }
    })
}

/** Runs that have a journal, newest first. Their names begin with the time, so that names sort by time. */
export function listRuns(runsDirectory: string): string[] {
  try {
    return readdirSync(runsDirectory).toSorted().toReversed()
  } catch {
    return []
  }
}
