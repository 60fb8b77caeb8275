import { Stopped } from './group.ts'

/**
 * Errors that nobody waits for: a promise that a role did not await, an exception in a timer that it set. They would
 * end the process, with a stack and with commands left running on the hosts. They are listened for until the process
 * ends: what a role left behind may fail after the run too, and does not change how that ended.
 * @param others told of those after the first
 * @returns a signal that is aborted by the first of them, which is its reason
 */
export function listenForStrays(stop: AbortSignal, others: (error: unknown) => void): AbortSignal {
  const controller = new AbortController()
  const take = (error: unknown): void => {
    if (error instanceof Stopped || stop.aborted) return
    if (controller.signal.aborted) others(error)
    else controller.abort(error)
  }
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) process.on(event, take)
  return controller.signal
}
