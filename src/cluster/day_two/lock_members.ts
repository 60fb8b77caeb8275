import type { Claim } from '../../connection/lock_claim.ts'
import type { Seconds } from '../../connection/remote.ts'
import type { Emit } from '../../run/events.ts'
import { lockAll } from '../../run/lock_nodes.ts'
import type { Members } from './members.ts'

/**
 * Has all hosts of the cluster alone, as a run has its own; those that are down are left out.
 * @throws BringupError LOCKED when `wait` is over
 */
export async function lockMembers(
  members: Members,
  options: {
    readonly claim: Claim
    readonly wait: Seconds
    readonly signal: AbortSignal
    readonly emit: Emit
  },
): Promise<void> {
  const all = await members.all()
  const asked = await Promise.all(
    all.map(async ({ host, remote }) => ({ host, remote, lock: await remote.lock(options.claim) })),
  )
  for (const { name, online } of members.status.nodes) {
    const error = members.missed.get(name)
    if (!online || error === undefined) continue
    options.emit({
      type: 'warning',
      message: `nothing keeps another run off ${name}, which the cluster sees and which could not be reached: ${error.message}`,
    })
  }
  await lockAll(asked, { ...options, forks: asked.length })
}
