import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { BringupError } from '../../src/errors.ts'
import type { Builder } from './base.ts'
import { makeAccess } from './access.ts'
import { findHierarchies, makeGroup } from './cgroup.ts'
import { takeDownLocked } from './down.ts'
import { adminPasswordHash, furnish } from './furnish.ts'
import { labHandle } from './handle.ts'
import type { Lab } from './handle.ts'
import { raiseLimits } from './limits.ts'
import { kindOf } from './kinds.ts'
import { localIn } from './local.ts'
import { withLock } from './lock.ts'
import { mountTmpfs } from './mounts.ts'
import { builderAddress, clientAddress, makeNetwork, serverAddress } from './network.ts'
import { needLabPackages, needMachinePackages } from './packages.ts'
import { labPlace } from './place.ts'
import type { LabPlace } from './place.ts'
import { identify, isAlive } from './process.ts'
import { settled } from './settled.ts'
import { machines, readState, writeState } from './state.ts'
import type { Kind, LabNode, LabState, Release } from './state.ts'
import { watchOver } from './watch.ts'

export type { Lab } from './handle.ts'

export interface LabOptions {
  /** Default: one that no other lab has. */
  name?: string
  /** 1 to 49; server1, server2, … Default 2. */
  nodes?: number
  /** Of the servers. Default containers. */
  kind?: Kind
  /** Default bookworm. */
  release?: Release
  /** One more machine outside of the cluster, a container, that drills measure from. */
  client?: boolean
  /** One more machine outside of the cluster, a container, that compiles what kernels of virtual machines load. */
  builder?: { warm?: readonly string[] }
  /**
   * Packages (or `cluster`, for those of a cluster) whose files, with all that they need, lie in the servers' apt
   * cache: installing them downloads nothing.
   */
  warm?: readonly string[]
  /**
   * Packages that virtual machines come with, their services off: installed once, as the disk's image is made, since
   * in the emulator that takes ten minutes. Installing is itself what containers test.
   */
  installed?: readonly string[]
  /** Whether the lab goes when this process ends, however it ends. Default true. */
  owned?: boolean
  /** Told what takes long. */
  say?: (line: string) => void
}

/**
 * Raises a lab of real nodes on a network of their own. What a dead process left of a lab with this name is taken down
 * first.
 *
 * @throws BringupError LAB_EXISTS when one with this name is up, LAB_UNAVAILABLE, LAB_FAILED
 */
export async function raiseLab(options: LabOptions): Promise<Lab> {
  const { name = `lab-${randomUUID().slice(0, 8)}`, owned = true, say = () => undefined } = options
  await needLabPackages(say)
  await raiseLimits()
  const place = labPlace(name)
  const state = await plan(options)
  if (machines(state).some(({ kind }) => kind === 'vms')) await needMachinePackages(say)
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
      await settled([openDisks(place, state, builder), makeNetwork(place), makeAccess(place, state)])
      const adminHash = await adminPasswordHash(place)
      await settled(
        machines(state).map(async (node) => {
          const kind = kindOf(node)
          await furnish(place, node, { adminHash, card: kind.networkInterface })
          await kind.boot(place, node, hierarchies)
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

async function openDisks(place: LabPlace, state: LabState, builder: Builder): Promise<void> {
  await mountTmpfs(place.mounts)
  const byKind = Map.groupBy(machines(state), kindOf)
  await settled([...byKind].map(([kind, nodes]) => kind.openDisks(place, nodes, state.release, builder)))
}

async function plan(options: LabOptions): Promise<LabState> {
  const { nodes = 2, kind = 'containers', release = 'bookworm', client, builder, owned } = options
  const { warm = [], installed = [] } = options
  if (!Number.isInteger(nodes) || nodes < 1 || nodes > 49) {
    throw new BringupError('USAGE', `a lab cannot have ${nodes} nodes`, { remedy: 'Ask for 1 to 49.' })
  }
  return {
    incarnation: randomUUID(),
    release,
    nodes: Array.from({ length: nodes }, (_, index) => ({
      name: `server${index + 1}`,
      address: serverAddress(index + 1),
      kind,
      warm: [...warm],
      installed: [...installed],
    })),
    client: client ? outside('client', clientAddress) : null,
    builder: builder ? outside('builder', builderAddress, builder.warm) : null,
    owner: owned === false ? null : ((await identify(process.pid)) ?? null),
    complete: false,
  }
}

const outside = (name: string, address: string, warm: readonly string[] = []): LabNode => ({
  name,
  address,
  kind: 'containers',
  warm: [...warm],
  installed: [],
})

async function refuseRunning(place: LabPlace): Promise<void> {
  const there = await readState(place)
  if (there === undefined || !there.complete) return
  if (there.owner !== null && !(await isAlive(there.owner))) return
  throw new BringupError('LAB_EXISTS', `lab ${place.name} is up`, {
    remedy: `Take it down first: npm run lab -- down --name ${place.name}`,
  })
}
