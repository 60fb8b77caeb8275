import type { CorosyncNode } from './cluster.ts'

/** The nodes that a running corosync knows, as `corosync-cmapctl nodelist.` prints them: what the file said at its last reload. */
export function parseLiveNodes(stdout: string): CorosyncNode[] {
  const nodes = new Map<string, Map<string, string>>()
  for (const [, index = '', key = '', value = ''] of stdout.matchAll(
    /^nodelist\.node\.(\d+)\.(\w+) \(\w+\) = (.*)$/gm,
  ))
    nodes.set(index, (nodes.get(index) ?? new Map<string, string>()).set(key, value.trim()))
  return [...nodes.values()].map((keys) => {
    const rings = [...keys.keys()].flatMap((key) => /^ring(\d+)_addr$/.exec(key)?.[1] ?? [])
    const addresses = rings
      .toSorted((a, b) => Number(a) - Number(b))
      .map((ring) => keys.get(`ring${ring}_addr`) ?? '')
    const id = keys.get('nodeid')
    return {
      name: keys.get('name') ?? addresses[0] ?? '',
      id: id === undefined ? undefined : Number(id),
      addresses,
    }
  })
}

/** Whether two lists have the same nodes, in whatever order. */
export function sameNodes(one: readonly CorosyncNode[], other: readonly CorosyncNode[]): boolean {
  const text = (nodes: readonly CorosyncNode[]): string =>
    nodes
      .map(({ id, name, addresses }) => [id, name, ...addresses].join(' '))
      .toSorted()
      .join('\n')
  return text(one) === text(other)
}
