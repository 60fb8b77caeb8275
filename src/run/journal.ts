import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BringupError } from '../errors.ts'
import type { TimedEvent } from './events.ts'

export interface Journal {
  /** The name of the run, `2026-11-22T17-30-29-123Z`. */
  readonly run: string
  /** `.bringup/runs/<run>/journal.jsonl` */
  readonly file: string
  write(event: TimedEvent): void
  close(): void
}

/**
 * Opens the journal of a new run, which is named after the millisecond when it began: of several that began together,
 * each has one of its own. Readable by its owner only, since output of commands goes into it.
 * @throws BringupError JOURNAL_FAILED, also when writing
 */
export function openJournal(runsDirectory: string, began: Date): Journal {
  const run = orFailed(runsDirectory, () => newRun(runsDirectory, began))
  const file = join(runsDirectory, run, 'journal.jsonl')
  const descriptor = orFailed(file, () => openSync(file, 'ax', 0o600))
  return {
    run,
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

function newRun(runsDirectory: string, began: Date): string {
  mkdirSync(runsDirectory, { recursive: true, mode: 0o700 })
  for (let time = began.getTime(); ; time += 1) {
    const run = new Date(time)
      .toISOString()
      .replaceAll(':', '-')
      .replace(/\.(\d+)Z$/, '-$1Z')
    try {
      mkdirSync(join(runsDirectory, run), { mode: 0o700 })
      return run
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
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
