import { findHierarchies } from './cgroup.ts'
import { leaderOf } from './container.ts'
import type { LabPlace } from './place.ts'
import { isAlive } from './process.ts'
import { machines, readState } from './state.ts'

/** A lab and its nodes as text, one line each. */
export async function statusOf(place: LabPlace): Promise<string> {
  const state = await readState(place)
  if (state === undefined) return `${place.name}: left by a crash (npm run lab -- down --name ${place.name})`
  const hierarchies = await findHierarchies()
  const nodes = await Promise.all(
    machines(state).map(async ({ name, address }) => {
      const leader = await leaderOf(place, name, hierarchies)
      return `  ${name.padEnd(9)} ${address.padEnd(15)} ${leader === undefined ? 'off' : 'on'}`
    }),
  )
  const owner =
    state.owner === null
      ? 'stays until taken down'
      : `of process ${state.owner.pid}${(await isAlive(state.owner)) ? '' : ', which has ended'}`
  const standing = state.complete ? '' : ', not complete'
  return [`${place.name}: ${state.release}, ${owner}${standing}`, ...nodes].join('\n')
}
