import type { Act, Scene } from './foretell.ts'

/**
 * What to do next for the pair to be as it was when the drill began; `wait` while the cluster is on its way, null once it is
 * there. What it is cut off by is taken away before.
 */
export function nextRepair(start: Scene, seen: Scene): Act | 'wait' | null {
  const home = start.apache ?? ''
  const failed = Object.keys(seen.failures).find((node) => (seen.failures[node] ?? 0) > 0)
  if (failed !== undefined) return { kind: 'cleanup', node: failed }
  const constrained = seen.preferred !== null || seen.banned.length > 0
  if (seen.apache === home) {
    if (constrained) return { kind: 'clear' }
    return seen.vip === home && seen.cutOff.length === 0 ? null : 'wait'
  }
  // A forced move under way: it is banned from where it is. A preference alone moves nothing that is to stay.
  const isOff = seen.apache === null || seen.banned.includes(seen.apache)
  if (seen.preferred === home && isOff && !seen.banned.includes(home) && !seen.cutOff.includes(home))
    return 'wait'
  if (constrained) return { kind: 'clear' }
  return seen.apache === null || seen.cutOff.includes(home) ? 'wait' : { kind: 'move', to: home }
}
