/** How the pair is, as far as the drill is about it. */
export interface Scene {
  /** The node that Apache, or the address, runs on; null where it does on none. */
  readonly apache: string | null
  readonly vip: string | null
  /** How often Apache has failed on each node. */
  readonly failures: Readonly<Record<string, number>>
  /** What a forced move leaves until it is cleared. */
  readonly banned: readonly string[]
  readonly preferred: string | null
  /** Nodes that do not reach the ping hosts. */
  readonly cutOff: readonly string[]
}

/** What is done to it. */
export type Act =
  | { readonly kind: 'kill' }
  | { readonly kind: 'cleanup'; readonly node: string }
  | { readonly kind: 'move'; readonly to: string }
  | { readonly kind: 'clear' }
  | { readonly kind: 'cut' | 'mend'; readonly node: string }

/**
 * What Pacemaker makes of it on two nodes, with resource-stickiness=INFINITY and without a failure-timeout: Apache stays
 * where it is as long as it may be there, and moves, with its address, only to a node that may run both.
 * @param threshold failures on a node after which Apache may not run there (migration-threshold)
 */
export function foretell(scene: Scene, act: Act, threshold: number): Scene {
  return settled(struck(scene, act), threshold)
}

function struck(scene: Scene, act: Act): Scene {
  const { apache, failures, cutOff } = scene
  switch (act.kind) {
    case 'kill':
      if (apache === null) return scene
      return { ...scene, failures: { ...failures, [apache]: (failures[apache] ?? 0) + 1 } }
    case 'cleanup':
      return { ...scene, failures: { ...failures, [act.node]: 0 } }
    case 'move':
      // The ban is on the node that it is moved from.
      return apache === null || apache === act.to
        ? { ...scene, preferred: act.to }
        : { ...scene, preferred: act.to, banned: [apache] }
    case 'clear':
      return { ...scene, preferred: null, banned: [] }
    case 'cut':
      return { ...scene, cutOff: [...cutOff.filter((node) => node !== act.node), act.node] }
    case 'mend':
      return { ...scene, cutOff: cutOff.filter((node) => node !== act.node) }
  }
}

function settled(scene: Scene, threshold: number): Scene {
  const { apache, vip, failures, banned, cutOff } = scene
  const open = Object.keys(failures).filter((node) => !banned.includes(node) && !cutOff.includes(node))
  const fit = open.filter((node) => (failures[node] ?? 0) < threshold)
  // Together where they are, then where the address waits, then anywhere.
  const place = [apache, vip].find((node) => node !== null && fit.includes(node)) ?? fit[0] ?? null
  if (place !== null) return { ...scene, apache: place, vip: place }
  const rest = [vip, ...open].find((node) => node !== null && open.includes(node)) ?? null
  return { ...scene, apache: null, vip: rest }
}
