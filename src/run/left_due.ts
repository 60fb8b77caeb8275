import type { DueHandler, TimedEvent } from './events.ts'
import { latestRun } from './latest_run.ts'

/**
 * Handlers that the latest run on this inventory left due. Each run that begins takes over what its forerunner left, so
 * only one journal has to be read.
 */
export function leftDue(runsDirectory: string, inventory: string): DueHandler[] {
  return dueIn(latestRun(runsDirectory, (start) => start.inventory === inventory) ?? [])
}

/** Pure: those due and not done, in order. */
export function dueIn(events: readonly TimedEvent[]): DueHandler[] {
  const due = new Map<string, DueHandler>()
  for (const event of events) {
    if (event.type === 'begin') for (const one of event.due ?? []) due.set(keyOf(one), one)
    if (event.type !== 'handler_due' && event.type !== 'handler_done') continue
    const { host, role, handler } = event
    if (event.type === 'handler_due') due.set(keyOf(event), { host, role, handler })
    else due.delete(keyOf(event))
  }
  return [...due.values()]
}

const keyOf = ({ host, role, handler }: DueHandler): string => JSON.stringify([host, role, handler])
