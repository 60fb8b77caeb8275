import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { BringupError } from '../../src/errors.ts'
import { makeAccess } from './access.ts'
import { baseLock, ensureBase } from './base.ts'
import type { Builder } from './base.ts'
import { findHierarchies, makeGroup } from './cgroup.ts'
import { boot } from './container.ts'
import { takeDownLocked } from './down.ts'
import { adminPasswordHash, furnish } from './furnish.ts'
import { labHandle } from './handle.ts'
import type { Lab } from './handle.ts'
import { raiseLimits } from './limits.ts'
import { localIn } from './local.ts'
import { withLock } from './lock.ts'
import { mountOverlay, mountTmpfs } from './mounts.ts'
import { clientAddress, makeNetwork, serverAddress } from './network.ts'
import { needLabPackages } from './packages.ts'
import { labPlace, nodeDisk } from './place.ts'
import type { LabPlace } from './place.ts'
import { identify, isAlive } from './process.ts'
import { machines, readState, writeState } from './state.ts'
import type { LabState, Release } from './state.ts'
import { ensureWarm } from './warm.ts'
import { watchOver } from './watch.ts'

export type { Lab } from './handle.ts'

export interface LabOptions {
  /** Default: one that no other lab has. */
  name?: string
  /** 1 to 49; server1, server2, … Default 2. */
  nodes?: number
  /** Default bookworm. */
  release?: Release
  /** One more machine outside of the cluster, that drills measure from. */
  client?: boolean
  /**
   * Packages (or `cluster`, for those of a cluster) whose files, with all that they need, lie in the nodes' apt cache:
   * installing them downloads nothing.
   */
  warm?: readonly string[]
  /** Whether the lab goes when this process ends, however it ends. Default true. */
  owned?: boolean
  /** Told what takes long. */
  say?: (line: string) => void
}

/**
 * Raises a lab of real nodes: systemd containers on a network of their own. What a dead process left of a lab with
 * this name is taken down first.
 *
 * @throws BringupError LAB_EXISTS when one with this name is up, LAB_UNAVAILABLE, LAB_FAILED
 */
export async function raiseLab(options: LabOptions): Promise<Lab> {
  const { name = `lab-${randomUUID().slice(0, 8)}`, owned = true, say = () => undefined } = options
  await needLabPackages(say)
  await raiseLimits()
  const place = labPlace(name)
  const state = await plan(options)
  const hierarchies = await findHierarchies()
  return withLock(place.lock, async () => {
    await refuseRunning(place)
    await takeDownLocked(place)
    await mkdir(place.dir, { recursive: true, mode: 0o700 })
    await writeState(place, state)
    // Also a lab that stays is watched until it stands: a raise that is interrupted leaves nothing.
    const watch = watchOver(place, state.incarnation)
    try {
      const builder = { say, local: localIn(await makeGroup(hierarchies, `${place.group}/build`)) }
      await all([mountDisks(place, state, builder), makeNetwork(place), makeAccess(place, state)])
      const hash = await adminPasswordHash(place)
      await all(
        machines(state).map(async (node) => {
          await furnish(place, node, hash)
          await boot(place, node.name, hierarchies)
        }),
      )
      await writeState(place, { ...state, complete: true })
    } catch (error) {
      await takeDownLocked(place)
      watch.release()
      throw error
    }
    if (!owned) watch.release()
    return labHandle(place, state, hierarchies, owned ? watch : undefined)
  })
}

/** The lab of this name that stands, with all its nodes running or not. */
export async function openLab(name: string): Promise<Lab | undefined> {
  const place = labPlace(name)
  const state = await readState(place)
  return state?.complete ? labHandle(place, state, await findHierarchies()) : undefined
}

async function plan({
  nodes = 2,
  release = 'bookworm',
  client,
  warm = [],
  owned,
}: LabOptions): Promise<LabState> {
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 49) {
    throw new BringupError('USAGE', `a lab cannot have ${nodes} nodes`, { remedy: 'Ask for 1 to 49.' })
  }
  return {
    incarnation: randomUUID(),
    release,
    warm: [...warm],
    nodes: Array.from({ length: nodes }, (_, index) => ({
      name: `server${index + 1}`,
      address: serverAddress(index + 1),
    })),
    client: client ? { name: 'client', address: clientAddress } : null,
    owner: owned === false ? null : ((await identify(process.pid)) ?? null),
    complete: false,
  }
}

async function refuseRunning(place: LabPlace): Promise<void> {
  const there = await readState(place)
  if (there === undefined || !there.complete) return
  if (there.owner !== null && !(await isAlive(there.owner))) return
  throw new BringupError('LAB_EXISTS', `lab ${place.name} is up`, {
    remedy: `Take it down first: npm run lab -- down --name ${place.name}`,
  })
}

/** As Promise.all, but a failure waits for the others: nothing may still be made while the lab is taken down. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

/** Mounts every node's disk while the base is locked: from then on the mounts keep it from being replaced. */
async function mountDisks(place: LabPlace, state: LabState, builder: Builder): Promise<void> {
  await withLock(
    baseLock(state.release),
    async () => {
      const base = await ensureBase(state.release, builder)
      const warm = state.warm.length === 0 ? [] : [await ensureWarm(base, state.warm, builder)]
      await mountTmpfs(place.mounts)
      await all(machines(state).map(({ name }) => mountOverlay([...warm, base.root], nodeDisk(place, name))))
    },
    () => builder.say(`waiting for another process that makes the ${state.release} base`),
  )
}
