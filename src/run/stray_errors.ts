import { Stopped } from './group.ts'

/** Errors that nobody waits for: a promise that a role did not await, an exception in a timer that it set. */
export interface StrayErrors {
  /** Aborted by the first of them, which is its reason. */
  readonly signal: AbortSignal
  close(): void
}

/**
 * Takes what would else end the process, with a stack and with commands left running on the hosts.
 * @param left told of those after the first
 */
export function listenForStrays(stop: AbortSignal, left: (error: unknown) => void): StrayErrors {
  const controller = new AbortController()
  const take = (error: unknown): void => {
    if (error instanceof Stopped || stop.aborted) return
    if (controller.signal.aborted) left(error)
    else controller.abort(error)
  }
  const events = ['unhandledRejection', 'uncaughtException'] as const
  for (const event of events) process.on(event, take)
  return {
    signal: controller.signal,
    close: () => {
      for (const event of events) process.off(event, take)
    },
  }
}
