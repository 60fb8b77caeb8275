import { setTimeout as delay } from 'node:timers/promises'
import type { Nodes } from 'bringup'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { shownSync, syncProgress } from '../../src/drbd/sync_progress.ts'
import type { SyncReading } from '../../src/drbd/sync_progress.ts'
import { behind } from '../../src/drbd/syncing.ts'
import type { Behind } from '../../src/drbd/syncing.ts'
import { drbdReport } from '../../src/operations/drbd_report.ts'

/** A sync that copies nothing for so long is not one. */
const STALLED_SECONDS = 300

/** Of all nodes of a resource, the one that the waiting is told on first. */
type Members<V> = Pick<Nodes<V>, 'first' | 'map'>

const look = async <V>(members: Members<V>, resource: DrbdResource): Promise<Behind[]> =>
  behind(resource, await members.map((node) => drbdReport(node, resource)))

/** Says once that a sync runs, without waiting for it. */
export async function tellSync<V>(members: Members<V>, resource: DrbdResource): Promise<void> {
  const readings = new Readings()
  readings.shown(await look(members, resource))
  if (readings.none) return
  await delay(2000)
  const shown = readings.shown(await look(members, resource))
  if (shown !== '')
    members.first.note(`${resource.name} is being copied, and can be used meanwhile: ${shown}`)
}

/** Waits until all disks are UpToDate, and says on the terminal how far they are. */
export async function waitForSync<V>(members: Members<V>, resource: DrbdResource): Promise<void> {
  const { first } = members
  const readings = new Readings()
  await first.require(
    `${resource.name} UpToDate on all nodes`,
    async ({ signal }) => {
      for (;;) {
        const shown = readings.shown(await look(members, resource))
        if (shown === '') return true
        if (readings.idleSeconds > STALLED_SECONDS)
          return `nothing was copied for ${STALLED_SECONDS} s: ${shown}`
        first.progress(`${resource.name}  ${shown}`)
        await delay(readings.interval, undefined, { signal })
      }
    },
    `See drbdadm status ${resource.name} and the kernel log of the nodes; a sync goes on where it was.`,
  )
}

/** The readings of each disk, first and last. */
class Readings {
  #first = new Map<string, SyncReading>()
  #left = Number.POSITIVE_INFINITY
  #moved = performance.now()
  #begun = performance.now()
  none = true

  /** Milliseconds until the next look; one that lasts hours need not be looked at every second. */
  get interval(): number {
    return performance.now() - this.#begun > 60_000 ? 10_000 : 2000
  }

  get idleSeconds(): number {
    return (performance.now() - this.#moved) / 1000
  }

  /** Takes one more look into account. @returns in words how far it is; empty when nothing is behind */
  shown(disks: readonly Behind[]): string {
    const at = performance.now()
    this.none = disks.length === 0
    const left = disks.reduce((sum, { outOfSync = 0 }) => sum + outOfSync, 0)
    if (left < this.#left) this.#moved = at
    this.#left = left
    return disks
      .map(({ name, disk, outOfSync, size }) => {
        if (outOfSync === undefined || size === undefined) return `${name}: ${disk}`
        const now: SyncReading = { at, outOfSync, size }
        const first = this.#first.get(name) ?? now
        this.#first.set(name, first)
        return shownSync(name, syncProgress(first, now))
      })
      .join(', ')
  }
}
