import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeGroup } from './cgroup.ts'
import type { Hierarchies } from './cgroup.ts'
import { adminPasswordHash, furnish } from './furnish.ts'
import { kindOf } from './kinds.ts'
import { localIn } from './local.ts'
import { unmountAll } from './mounts.ts'
import type { LabPlace } from './place.ts'
import type { LabNode, LabState } from './state.ts'

/** What becomes of the spare disk of a virtual machine whose system is installed anew. */
export type SpareDisk = 'new' | 'kept'

/**
 * Puts a machine as it was at the beginning in the place of one that is off: same name, address and host key, nothing else of
 * it left. It is not booted yet.
 */
export async function reinstall(
  place: LabPlace,
  { release }: LabState,
  node: LabNode,
  hierarchies: Hierarchies,
  spare: SpareDisk,
): Promise<void> {
  const folder = join(place.mounts, node.name)
  await unmountAll(folder)
  const old = (await readdir(folder)).filter((part) => spare === 'new' || part !== 'spare')
  await Promise.all(old.map((part) => rm(join(folder, part), { recursive: true, force: true })))
  const kind = kindOf(node)
  const local = localIn(await makeGroup(hierarchies, `${place.group}/build`))
  await kind.openDisks(place, [node], release, { say: () => undefined, local })
  const adminHash = await adminPasswordHash(place)
  await furnish(place, node, { adminHash, card: kind.networkInterface })
}
