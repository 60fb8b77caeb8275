import { setImmediate as nextTurn } from 'node:timers/promises'
import type { GroupFate } from './group.ts'
import { misused } from './misuse.ts'
import type { RoleLife } from './role_life.ts'

/** A role that catches a node's failure has still failed: the roles after it must not go on with half of the group. */
export function throwIfSwallowed({ fatal, failed }: GroupFate): void {
  if (fatal) for (const error of failed.values()) throw error
}

/** Tasks that are still at work when the role is done have been started and forgotten. */
export async function allAwaited(life: RoleLife, role: string): Promise<void> {
  // A command begins in the turn after its call.
  await nextTurn()
  const { names } = life.tasks
  if (names.length === 0) return
  life.end()
  await life.tasks.settled()
  throw misused(`the role ${role} ended while tasks of it were still running`, {
    seen: names.join('; '),
    remedy:
      'Await every task, or return its promise: await node.file(…), nodes.each((node) => node.file(…)).',
  })
}

/** Waits for a role's work; not any more once the run is interrupted, or has failed where the role does not look. */
export async function unlessStopped(work: Promise<void>, signals: readonly AbortSignal[]): Promise<void> {
  const any = AbortSignal.any([...signals])
  const stopped = Promise.withResolvers<never>()
  const stop = (): void => stopped.reject(any.reason)
  if (any.aborted) stop()
  else any.addEventListener('abort', stop, { once: true })
  try {
    await Promise.race([work, stopped.promise])
  } finally {
    any.removeEventListener('abort', stop)
  }
}
