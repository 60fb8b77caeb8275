import { foretell } from './foretell.ts'
import type { Act, Scene } from './foretell.ts'

/** One trial of the drill: what is done, one thing after the other, and how the pair is to be after each. */
export interface Trial {
  readonly name: string
  readonly steps: readonly { readonly act: Act; readonly expected: Scene }[]
}

/**
 * The trials in their order, each of which begins where the one before it ended. They begin on one of two nodes that are
 * both well, and end on the other or the same: {@link Trial.steps} tells.
 * @param ping whether the ping hosts can be cut off
 */
export function trialsFor(
  start: Scene,
  { threshold, ping }: { threshold: number; ping: boolean },
): readonly Trial[] {
  const home = start.apache ?? ''
  const other = Object.keys(start.failures).find((node) => node !== home) ?? ''
  const kills = (count: number): Act[] => Array.from({ length: count }, () => ({ kind: 'kill' }))
  const clean = (node: string): Act => ({ kind: 'cleanup', node })
  const planned: [string, Act[]][] = [
    ['killed once', kills(1)],
    [`killed ${times(threshold)} in all`, kills(threshold - 1)],
    [`killed ${times(threshold)} on ${other}, too`, kills(threshold)],
    [`cleanup of ${other}`, [clean(other)]],
    [`cleanup of ${home}`, [clean(home)]],
    [`forced move to ${home}`, [{ kind: 'move', to: home }]],
    [`killed ${times(threshold)} under the ban`, kills(threshold)],
    ['ban cleared', [{ kind: 'clear' }]],
    [`cleanup of ${home} again`, [clean(home)]],
    [`fail back to ${home}`, [{ kind: 'move', to: home }, { kind: 'clear' }]],
  ]
  if (ping)
    planned.push(
      [`ping host cut off from ${home}`, [{ kind: 'cut', node: home }]],
      ['ping host back', [{ kind: 'mend', node: home }]],
    )
  let scene = start
  return planned.map(([name, acts]) => ({
    name,
    steps: acts.map((act) => {
      scene = foretell(scene, act, threshold)
      return { act, expected: scene }
    }),
  }))
}

const times = (count: number): string => (count === 2 ? 'twice' : `${count} times`)
