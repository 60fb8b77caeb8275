import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { DueHandler, TimedEvent } from './events.ts'
import { listRuns, readJournal } from './journal.ts'

/**
 * Handlers that the latest run on this inventory left due. Each run takes over what its forerunner left, so only one
 * journal has to be read.
 */
export function leftDue(runsDirectory: string, inventory: string): DueHandler[] {
  for (const run of listRuns(runsDirectory)) {
    const file = join(runsDirectory, run, 'journal.jsonl')
    const start = startIn(file)
    if (start === null || start.inventory !== inventory || start.check) continue
    return dueIn(readJournal(file))
  }
  return []
}

/** Pure: those due and not done, in order. */
export function dueIn(events: readonly TimedEvent[]): DueHandler[] {
  const due = new Map<string, DueHandler>()
  for (const event of events) {
    if (event.type === 'run_start') for (const one of event.due ?? []) due.set(keyOf(one), one)
    if (event.type !== 'handler_due' && event.type !== 'handler_done') continue
    const { host, role, handler } = event
    if (event.type === 'handler_due') due.set(keyOf(event), { host, role, handler })
    else due.delete(keyOf(event))
  }
  return [...due.values()]
}

const keyOf = ({ host, role, handler }: DueHandler): string => JSON.stringify([host, role, handler])

/** The start of a run alone: there may be thousands of checks since the last real one, each with a long journal. */
function startIn(file: string): Extract<TimedEvent, { type: 'run_start' }> | null {
  try {
    const first = JSON.parse(firstLine(file)) as TimedEvent
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
