import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'
import type { InFlight } from './in_flight.ts'

/** How long (ms) what runs on a host may take to be ended there; a host that does not answer keeps no run from ending. */
const PATIENCE = 20_000

/**
 * Waits for work that `signal` stops. What it has running on the host is then seen to its end, and nothing else:
 * work that takes no notice of the signal is left behind.
 * @throws the signal's reason, where the work itself did not fail of it first
 */
export async function stoppable<T>(work: Promise<T>, signal: AbortSignal, onHost: InFlight): Promise<T> {
  const stopped = Promise.withResolvers<never>()
  const onAbort = async (): Promise<void> => {
    await Promise.race([onHost.settled(), delay(PATIENCE, null, { ref: false })])
    // The work hears first of how its commands ended.
    await nextTurn()
    stopped.reject(signal.reason)
  }
  const listener = (): void => void onAbort()
  if (signal.aborted) listener()
  else signal.addEventListener('abort', listener, { once: true })
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    signal.removeEventListener('abort', listener)
  }
}
