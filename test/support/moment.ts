import { setTimeout as delay } from 'node:timers/promises'
import type { TimedEvent } from '../../src/run/events.ts'
import type { StartedRun } from './bringup.ts'

/** A moment of a run, that a slower machine finds at the same place. */
export interface Moment {
  /** How many events there have been. */
  readonly events: number
  /** Since the last of them. */
  readonly milliseconds: number
}

/**
 * Half of the moments are right after an event, any of them; the others are at any time, which most often is in the
 * middle of what takes long.
 */
export function momentIn(events: readonly TimedEvent[], random: () => number): Moment {
  if (random() < 0.5)
    return {
      events: 1 + Math.floor(random() * (events.length - 2)),
      milliseconds: Math.floor(random() * 20),
    }
  const times = events.map(({ time }) => Date.parse(time))
  const [from = 0] = times
  const at = from + random() * ((times.at(-1) ?? 0) - from)
  const before = times.filter((time) => time <= at)
  return { events: before.length, milliseconds: Math.floor(at - (before.at(-1) ?? at)) }
}

/** Ends at this moment of a run, or with the run: how often it asks whether all is there is not the same each time. */
export async function reached(started: StartedRun, { events, milliseconds }: Moment): Promise<void> {
  const seen = new Set<TimedEvent>()
  const moment = started
    .seen((event) => seen.add(event).size >= events)
    .then(() => delay(milliseconds))
    // Where the run ends before it.
    .catch(() => undefined)
  await Promise.race([moment, started.ended])
}
