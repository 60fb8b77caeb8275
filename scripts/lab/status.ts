import { findHierarchies } from './cgroup.ts'
import { kindOf } from './kinds.ts'
import type { LabPlace } from './place.ts'
import { isAlive } from './process.ts'
import { machines, readState } from './state.ts'

/** A lab and its nodes as text, one line each. */
export async function statusOf(place: LabPlace): Promise<string> {
  const state = await readState(place)
  if (state === undefined) return `${place.name}: left by a crash (npm run lab -- down --name ${place.name})`
  const hierarchies = await findHierarchies()
  const nodes = await Promise.all(
    machines(state).map(async (node) => {
      const { name, address } = node
      const on = await kindOf(node).isOn(place, name, hierarchies)
      return `  ${name.padEnd(9)} ${address.padEnd(15)} ${on ? 'on' : 'off'}`
    }),
  )
  const owner =
    state.owner === null
      ? 'stays until taken down'
      : `of process ${state.owner.pid}${(await isAlive(state.owner)) ? '' : ', which has ended'}`
  const standing = state.complete ? '' : ', not complete'
  return [`${place.name}: ${state.release}, ${owner}${standing}`, ...nodes].join('\n')
}
