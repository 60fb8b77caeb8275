import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { RunEvent, TimedEvent } from './events.ts'
import { listRuns, readJournal } from './journal.ts'

export type RunStart = Extract<RunEvent, { type: 'run_start' }>

/**
 * Events of the latest real run whose start fits; null where there is none. A check is none, and neither is a run that
 * ended before it began, as when another had the hosts.
 */
export function latestRun(runsDirectory: string, fits: (start: RunStart) => boolean): TimedEvent[] | null {
  for (const run of listRuns(runsDirectory)) {
    const file = join(runsDirectory, run, 'journal.jsonl')
    const start = startIn(file)
    if (start === null || start.check || !fits(start)) continue
    const events = readJournal(file)
    if (events.some(({ type }) => type === 'begin')) return events
  }
  return null
}

/** The start of a run alone: there may be thousands of checks since the last real one, each with a long journal. */
function startIn(file: string): RunStart | null {
  try {
    const first = JSON.parse(firstLine(file)) as RunEvent
    return first.type === 'run_start' ? first : null
  } catch {
    return null
  }
}

function firstLine(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const chunks: Buffer[] = []
    for (;;) {
      const chunk = Buffer.alloc(16 * 1024)
      const size = readSync(descriptor, chunk)
      const end = chunk.subarray(0, size).indexOf('\n')
      chunks.push(chunk.subarray(0, end < 0 ? size : end))
      if (end >= 0 || size === 0) return Buffer.concat(chunks).toString('utf8')
    }
  } finally {
    closeSync(descriptor)
  }
}
