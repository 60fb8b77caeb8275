import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { findHierarchies, groupFolders, killGroup, removeGroup } from './cgroup.ts'
import type { Hierarchies } from './cgroup.ts'
import { withLock } from './lock.ts'
import { mountsBelow, unmountAll } from './mounts.ts'
import { netnsInode, removeNetwork } from './network.ts'
import type { LabPlace } from './place.ts'
import { processesInNetns } from './process.ts'
import { readState } from './state.ts'
import { waitFor } from './wait.ts'

/**
 * Takes a lab down, whatever state it is in: running, half made, or left by a crash. Nothing of what it looks for was
 * written down by the process that raised it; the kernel is asked. Harmless when there is no lab.
 *
 * @param only take it down only if it is still this incarnation
 * @returns whether there was anything to take down
 */
export async function takeDown(place: LabPlace, only?: string): Promise<boolean> {
  return withLock(place.lock, () => takeDownLocked(place, only))
}

/** As {@link takeDown}, for a caller that holds the lab's lock. */
export async function takeDownLocked(place: LabPlace, only?: string): Promise<boolean> {
  if (only !== undefined && (await readState(place))?.incarnation !== only) return false
  const hierarchies = await findHierarchies()
  const before = await leftovers(place, hierarchies)
  if (before.length === 0) return false
  let left = before
  await waitFor(
    `lab ${place.name} to come down`,
    async () => {
      await sweep(place, hierarchies)
      left = await leftovers(place, hierarchies)
      return left.length === 0 ? true : undefined
    },
    { seconds: 30, everyMs: 100 },
  ).catch((error: unknown) => {
    if (!(error instanceof BringupError)) throw error
    throw error.within({
      seen: `still there: ${left.join(', ')}`,
      remedy: 'See what keeps it busy, then try again.',
    })
  })
  return true
}

/** Everything in the system that is this lab's, for people to read. */
export async function leftovers(place: LabPlace, hierarchies: Hierarchies): Promise<string[]> {
  const inode = await netnsInode(place)
  const processes = inode === undefined ? [] : await processesInNetns(inode)
  const files = [place.dir, place.mounts, place.netnsPath]
  const present = await Promise.all(
    files.map((file) =>
      stat(file).then(
        () => [file],
        () => [],
      ),
    ),
  )
  return [
    ...(await groupFolders(hierarchies, place.group)),
    ...processes.map((pid) => `process ${pid}`),
    ...(await mountsBelow(place.mounts)).map((point) => `mount ${point}`),
    ...present.flat(),
  ]
}

async function sweep(place: LabPlace, hierarchies: Hierarchies): Promise<void> {
  await killGroup(hierarchies, place.group)
  await killStrays(place)
  await forgetNspawn(place)
  await unmountAll(place.mounts)
  await removeNetwork(place)
  await removeGroup(hierarchies, place.group)
  await rm(place.mounts, { recursive: true, force: true })
  await rm(place.dir, { recursive: true, force: true })
}

/** Clients that are still connected, and whatever a raise that died had just started. */
async function killStrays(place: LabPlace): Promise<void> {
  const inode = await netnsInode(place)
  const mine = (await stat('/proc/self/ns/net')).ino
  if (inode === undefined || inode === mine) return
  for (const pid of await processesInNetns(inode)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone since it was listed.
    }
  }
}

/** systemd-nspawn tidies up only when it ends by itself. */
async function forgetNspawn(place: LabPlace): Promise<void> {
  const roots = await Promise.all(
    (await readdir(place.mounts).catch(() => [])).map((node) =>
      stat(join(place.mounts, node, 'root')).catch(() => undefined),
    ),
  )
  const locks = roots
    .filter((root) => root !== undefined)
    .map(({ dev, ino }) => `/run/systemd/nspawn/locks/inode-${dev}:${ino}`)
  const propagate = '/run/systemd/nspawn/propagate'
  const shared = (await readdir(propagate).catch(() => []))
    .filter((machine) => machine.startsWith(`${place.id}-`))
    .map((machine) => join(propagate, machine))
  await Promise.all([...locks, ...shared].map((path) => rm(path, { recursive: true, force: true })))
}
