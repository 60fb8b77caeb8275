import { BringupError } from '../errors.ts'
import { withoutRootShell } from '../shell/guard.ts'
import type { Nodes } from './nodes.ts'

/** The hosts of a role: those it works on, and those it may look at beside them. */
export interface RoleHosts<V> {
  readonly nodes: Nodes<V>
  readonly peers: Nodes<V>
}

/** What a role wants done when it has ended, however it ended. The nodes are the role's, and work again. */
export type EndAction<V> = (hosts: RoleHosts<V>) => Promise<unknown>

/** How long each may take, in seconds: an operator who has interrupted the run waits for it. */
const LONGEST = 120
/** How long it then may take to notice, while its commands are ended on the hosts. */
const PATIENCE = 20

/**
 * Carries them out, the last one first, each whatever became of the others.
 * @param hostsUntil makes the role's nodes anew, whose tasks end with the signal
 * @returns the errors of those that failed
 */
export async function runAtEnd<V>(
  actions: readonly EndAction<V>[],
  hostsUntil: (signal: AbortSignal) => RoleHosts<V>,
): Promise<unknown[]> {
  const errors: unknown[] = []
  for (const action of actions.toReversed()) {
    const limit = new AbortController()
    const leftBehind = Promise.withResolvers<never>()
    const late = new BringupError('TIMEOUT', `what is to be done at the end was not, within ${LONGEST} s`)
    const timers = [
      setTimeout(() => limit.abort(late), LONGEST * 1000),
      setTimeout(() => leftBehind.reject(late), (LONGEST + PATIENCE) * 1000),
    ]
    try {
      const work = withoutRootShell(async () => void (await action(hostsUntil(limit.signal))))
      await Promise.race([work, leftBehind.promise])
    } catch (error) {
      errors.push(error)
    } finally {
      timers.forEach(clearTimeout)
    }
  }
  return errors
}
