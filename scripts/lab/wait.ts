import { setTimeout as sleep } from 'node:timers/promises'
import { BringupError } from '../../src/errors.ts'

/**
 * Asks until there is an answer.
 *
 * @param probe gives undefined as long as there is none; what it throws ends the wait
 * @param what completes "waited N s for …"
 * @throws BringupError TIMEOUT
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { seconds, everyMs = 30 }: { seconds: number; everyMs?: number },
): Promise<T> {
  const deadline = performance.now() + seconds * 1000
  for (;;) {
    const answer = await probe()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new BringupError('TIMEOUT', `waited ${seconds} s for ${what}`)
    await sleep(everyMs)
  }
}
