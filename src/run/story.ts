import { join } from 'node:path'
import type { TimedEvent } from './events.ts'
import { listRuns, readJournal } from './journal.ts'

/** Events of a run, with those of the runs that it resumes before them, as far as their journals are still there. */
export function storyOf(runsDirectory: string, run: string): TimedEvent[] {
  const known = new Set(listRuns(runsDirectory))
  const chapters: TimedEvent[][] = []
  for (let next: string | undefined = run; next !== undefined && known.delete(next);) {
    const events = chapterOf(join(runsDirectory, next, 'journal.jsonl'))
    chapters.unshift(events)
    next = events.find((event) => event.type === 'run_start')?.resumes?.run
  }
  return chapters.flat()
}

/** A folder may be there whose journal is not. */
function chapterOf(file: string): TimedEvent[] {
  try {
    return readJournal(file)
  } catch {
    return []
  }
}
