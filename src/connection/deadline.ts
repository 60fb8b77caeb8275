import type { Seconds } from './remote.ts'

/** A time limit that stands still while a person is being asked. */
export interface Deadline {
  readonly signal: AbortSignal
  /** The time that `work` takes does not count. */
  pausing<T>(work: () => Promise<T>): Promise<T>
  clear(): void
}

export function createDeadline(limit: Seconds): Deadline {
  const controller = new AbortController()
  let left = limit * 1000
  let since = 0
  let pauses = 0
  let timer: NodeJS.Timeout | undefined
  const go = (): void => {
    since = performance.now()
    timer = setTimeout(() => controller.abort(), left)
  }
  const halt = (): void => {
    clearTimeout(timer)
    left -= performance.now() - since
  }
  go()
  return {
    signal: controller.signal,
    async pausing(work) {
      if (pauses === 0) halt()
      pauses += 1
      try {
        return await work()
      } finally {
        pauses -= 1
        if (pauses === 0) go()
      }
    },
    clear: () => clearTimeout(timer),
  }
}
