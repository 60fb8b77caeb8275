import { BringupError } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'
import { loadInventory } from '../inventory/load.ts'
import { selectHosts } from '../inventory/pattern.ts'
import { resolveHost } from '../playbook/resolve_plays.ts'
import { createProblems } from '../problems.ts'
import { resolvePending } from '../secrets/resolve.ts'
import { pendingIn } from '../secrets/walk.ts'
import { ask } from './ask.ts'

/**
 * Hosts of an inventory by pattern, ready to be connected, for commands that need no playbook.
 * @throws BringupErrors with everything that is wrong with the inventory
 */
export async function chosenHosts(inventories: readonly string[], pattern: string): Promise<Host[]> {
  const problems = createProblems()
  const inventory = loadInventory(inventories, { cwd: process.cwd(), problems, note: () => {} })
  problems.throwIfAny()
  const names = selectHosts(pattern, inventory)
  if (!Array.isArray(names))
    throw new BringupError(names.unknown ? 'HOST_UNKNOWN' : 'USAGE', names.problem, { remedy: names.remedy })
  if (names.length === 0)
    throw new BringupError('NO_HOSTS', `"${pattern}" is no host of the inventory`, {
      remedy: 'Name hosts or groups of it, or leave --limit out.',
    })
  const hosts = names.map((name) => inventory.hosts.get(name)).filter((host) => host !== undefined)
  const resolve = await resolvePending(
    hosts.flatMap((host) => pendingIn(host.connection)),
    { ask, environment: process.env, problems },
  )
  problems.throwIfAny()
  return hosts.map((host) => resolveHost(host, resolve))
}
