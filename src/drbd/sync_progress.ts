/** What is left to copy at one moment. */
export interface SyncReading {
  /** Milliseconds of a clock that never goes back. */
  readonly at: number
  /** KiB that differ. */
  readonly outOfSync: number
  /** KiB in all. */
  readonly size: number
}

export interface SyncProgress {
  /** 0 to 100; 100 only when nothing is left. */
  readonly percent: number
  /** KiB in a second; undefined when the two readings do not tell, as when nothing was copied. */
  readonly rate: number | undefined
  /** Undefined when the rate is. */
  readonly secondsLeft: number | undefined
}

/** How far a sync is and how fast, from an earlier and a later reading. */
export function syncProgress(before: SyncReading, now: SyncReading): SyncProgress {
  const { size, outOfSync } = now
  const left = Math.min(Math.max(outOfSync, 0), size)
  // Rounded down: 100 % with something left would be a lie.
  const percent = left === 0 ? 100 : Math.floor((1 - left / size) * 1000) / 10
  const seconds = (now.at - before.at) / 1000
  const copied = before.outOfSync - outOfSync
  // Writes of the primary add to what is left; then there is no telling when it ends.
  const rate = seconds > 0 && copied > 0 ? copied / seconds : undefined
  return {
    percent,
    rate,
    secondsLeft: left === 0 ? 0 : rate === undefined ? undefined : Math.ceil(left / rate),
  }
}

/** `server2: 42.3 %, 110.5 MiB/s, 3 min 20 s left`; "stalled" when nothing moves. */
export function shownSync(name: string, { percent, rate, secondsLeft }: SyncProgress): string {
  if (secondsLeft === 0) return `${name}: in sync`
  const done = `${name}: ${percent.toFixed(1)} %`
  if (rate === undefined || secondsLeft === undefined) return `${done}, stalled`
  return `${done}, ${(rate / 1024).toFixed(1)} MiB/s, ${shownSeconds(secondsLeft)} left`
}

/** `3 min 20 s` */
export function shownSeconds(seconds: number): string {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${seconds % 60} s` : `${seconds} s`
}
