import { setTimeout as delay } from 'node:timers/promises'

/** Waits until something holds that nothing tells of. The test's own time limit ends it when it never does. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(50)
}
