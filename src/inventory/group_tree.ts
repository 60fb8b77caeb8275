import type { Problems } from '../problems.ts'
import type { Written, WrittenGroup } from './read_groups.ts'

const DEEPEST = 100

/** How the groups stand to each other, with `all` above everything and `ungrouped` for hosts in no other group. */
export interface GroupTree {
  /** By group: every host in it or in a child of it, in inventory order. */
  readonly members: ReadonlyMap<string, readonly string[]>
  /**
   * By host: its groups, from `all` inwards. A group is as deep as its longest way down from `all`; groups of equal
   * depth are in the order of `ansible_group_priority`, then of their names. Later ones win.
   */
  readonly groupsOf: ReadonlyMap<string, readonly string[]>
}

/** Joins groups and hosts; adds a problem for a group that is its own child, at whatever distance. */
export function groupTree(written: Written, problems: Problems): GroupTree {
  const parents = parentsOf(written.groups)
  const order = outermostFirst(written.groups, parents, problems)
  const depths = new Map<string, number>()
  const above = new Map<string, ReadonlySet<string>>()
  for (const name of order) {
    const direct = parents.get(name) ?? []
    depths.set(name, 1 + Math.max(-1, ...direct.map((parent) => depths.get(parent) ?? 0)))
    above.set(name, new Set([...direct.flatMap((parent) => [...(above.get(parent) ?? [])]), name]))
    if (depths.get(name)! <= DEEPEST) continue
    problems.add('INVENTORY_INVALID', `groups nested more than ${DEEPEST} deep`, {
      at: written.groups.get(name)!.at,
      remedy: 'Take out some levels of children.',
    })
    break
  }
  return place(written, depths, above)
}

function place(
  written: Written,
  depths: ReadonlyMap<string, number>,
  above: ReadonlyMap<string, ReadonlySet<string>>,
): GroupTree {
  const named = new Map<string, string[]>()
  for (const group of written.groups.values())
    if (group.name !== 'all' && group.name !== 'ungrouped')
      for (const host of group.hosts) named.set(host, [...(named.get(host) ?? []), group.name])
  const rank = (name: string): [number, number] => [
    depths.get(name) ?? 1,
    written.groups.get(name)?.priority ?? 1,
  ]
  const inwards = (a: string, b: string): number => {
    const [left, right] = [rank(a), rank(b)]
    return left[0] - right[0] || left[1] - right[1] || (a < b ? -1 : a > b ? 1 : 0)
  }
  const members = new Map<string, string[]>(
    ['all', 'ungrouped', ...written.groups.keys()].map((name) => [name, []]),
  )
  const groupsOf = new Map<string, readonly string[]>()
  for (const host of written.hosts.keys()) {
    const direct = named.get(host) ?? ['ungrouped']
    const inside = new Set(direct.flatMap((name) => [...(above.get(name) ?? [name])]))
    inside.delete('all')
    const sorted = ['all', ...[...inside].toSorted(inwards)]
    groupsOf.set(host, sorted)
    for (const name of sorted) members.get(name)?.push(host)
  }
  return { members, groupsOf }
}

/** By group: its parents; a group that is nobody's child is `all`'s. */
function parentsOf(groups: ReadonlyMap<string, WrittenGroup>): Map<string, string[]> {
  const parents = new Map<string, string[]>()
  for (const group of groups.values())
    for (const child of group.children.keys()) parents.set(child, [...(parents.get(child) ?? []), group.name])
  for (const name of groups.keys()) if (name !== 'all' && !parents.has(name)) parents.set(name, ['all'])
  return parents
}

/** Every group after its parents. Groups in a circle, and what is below them, are left out and reported. */
function outermostFirst(
  groups: ReadonlyMap<string, WrittenGroup>,
  parents: ReadonlyMap<string, readonly string[]>,
  problems: Problems,
): string[] {
  const waiting = new Map(
    [...groups.keys()].map((name) => [
      name,
      (parents.get(name) ?? []).filter((parent) => groups.has(parent)).length,
    ]),
  )
  const order = [...waiting].filter(([, count]) => count === 0).map(([name]) => name)
  const topLevel = [...groups.keys()].filter(
    (name) => parents.get(name)?.join() === 'all' && !groups.get('all')?.children.has(name),
  )
  for (let next = 0; next < order.length; next++) {
    const name = order[next]!
    const below = [...groups.get(name)!.children.keys(), ...(name === 'all' ? topLevel : [])]
    for (const child of below) {
      const left = waiting.get(child)! - 1
      waiting.set(child, left)
      if (left === 0) order.push(child)
    }
  }
  if (order.length < groups.size) reportCircle(groups, parents, new Set(order), problems)
  return order
}

function reportCircle(
  groups: ReadonlyMap<string, WrittenGroup>,
  parents: ReadonlyMap<string, readonly string[]>,
  fine: ReadonlySet<string>,
  problems: Problems,
): void {
  // Each group that is left over has a parent that is left over too; going up from any ends in the circle.
  const way = [[...groups.keys()].find((name) => !fine.has(name))!]
  for (;;) {
    const parent = parents.get(way.at(-1)!)!.find((name) => !fine.has(name))!
    const start = way.indexOf(parent)
    way.push(parent)
    if (start < 0) continue
    const circle = way.slice(start).toReversed()
    const [outer = '', inner = ''] = circle
    const shown = circle.length > 9 ? [...circle.slice(0, 4), '…', ...circle.slice(-4)] : circle
    problems.add('INVENTORY_INVALID', `circular groups: ${shown.join(' > ')}`, {
      at: groups.get(outer)?.children.get(inner) ?? groups.get(outer)!.at,
      remedy: `Take "${inner}" out of the children of "${outer}".`,
    })
    return
  }
}
