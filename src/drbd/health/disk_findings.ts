import type { Finding } from '../../cluster/status/finding.ts'
import { copiesOf } from './copies.ts'
import type { Copy } from './copies.ts'
import { connectionTo } from './shared.ts'
import type { SharedNode, SharedResource } from './shared.ts'

/** Data that are not where they should be: on the disk of every node, complete and up to date. */
export function diskFindings(resource: SharedResource): Finding[] {
  const copies = copiesOf(resource)
  const isTarget = (node: SharedNode, volume: number) =>
    copies.some((copy) => copy.to === node && copy.volume === volume)
  return [
    ...nobodyFindings(resource),
    ...copies
      .filter(({ kind }) => kind === 'paused')
      .map(({ from, to }) => pausedFinding(resource, from, to)),
    ...syncFindings(resource),
    ...resource.nodes.flatMap((node) =>
      (node.state?.volumes ?? []).flatMap(({ volume, disk }) =>
        isTarget(node, volume) ? [] : diskFinding(resource, node, volume, disk),
      ),
    ),
    ...differenceFindings(resource),
  ]
}

const labelOf = ({ nodes, name }: SharedResource, volume: number): string =>
  nodes.some(({ state }) => (state?.volumes.length ?? 0) > 1) ? `${name}/${volume}` : name

/** Where no node that answers has good data, another may: that one must come first, and nothing be forced. */
function nobodyFindings(resource: SharedResource): Finding[] {
  const { nodes, name } = resource
  const up = nodes.filter((node) => node.state !== undefined)
  const disks = up.flatMap((node) => node.state?.volumes.map(({ disk }) => disk) ?? [])
  if (disks.length === 0 || disks.includes('UpToDate')) return []
  const away = nodes.filter((node) => node.state === undefined).map((node) => node.name)
  if (away.length > 0) {
    return [
      {
        severity: 'alarm',
        text: `${name} has no up-to-date data on ${up.map((node) => node.name).join(', ')}; if anywhere, they are on ${away.join(', ')}`,
        next: `Bring ${away.join(', ')} back first, and force nothing: a forced primary would throw away what only that one has.`,
      },
    ]
  }
  const isFresh = disks.every((disk) => disk === 'Inconsistent')
  return [
    {
      severity: 'alarm',
      text: `${name} has up-to-date data on none of ${nodes.map((node) => node.name).join(', ')}`,
      next: isFresh
        ? 'Where it is new, it waits for its first primary: run the playbook. Where it is not, force nothing, and look at dmesg first.'
        : 'Mend the disks or the connection that failed last; look at dmesg of both. Force nothing before.',
    },
  ]
}

function pausedFinding({ name }: SharedResource, from: SharedNode, to: SharedNode): Finding {
  return {
    severity: 'wrong',
    text: `${name}: the sync from ${from.name} to ${to.name} is paused; only ${from.name} has all data`,
    next: `It waits for another sync, or for somebody: drbdadm resume-sync ${name}`,
  }
}

function syncFindings(resource: SharedResource): Finding[] {
  const running = copiesOf(resource).filter(({ kind }) => kind === 'sync')
  const byWay = Map.groupBy(running, ({ from, to }) => `from ${from.name} to ${to.name}`)
  return [...byWay].map(([way, copies]): Finding => {
    const { name } = resource
    const [{ from, to }] = copies as [Copy]
    if (copies.every((copy) => isOver(resource, copy)))
      return {
        severity: 'notice',
        text: `${name} was copied ${way}, and ${from.name} has not taken note of the end of it`,
        next: `Where it stays so, on ${to.name}: drbdadm pause-sync ${name}; drbdadm resume-sync ${name}`,
      }
    return {
      severity: 'wrong',
      text: `${name} is being copied ${way}: until that is done, only ${from.name} has all data`,
      next: `Wait, and keep ${from.name} running. To watch it: bringup status --watch`,
    }
  })
}

/**
 * Whether nothing is left and the target says that it is done. The source of 8.4 waits to be told so, once, and misses it when
 * its own count is not at the end by then (drbd_receiver.c, receive_state); from the next state that it is told it goes on.
 */
function isOver(resource: SharedResource, { volume, from, to, left }: Copy): boolean {
  const said = connectionTo(resource, to, from)?.volumes.find((one) => one.volume === volume)
  const own = to.state?.volumes.find((one) => one.volume === volume)
  return left === 0 && said?.replication === 'Established' && own?.disk === 'UpToDate'
}

function diskFinding(resource: SharedResource, node: SharedNode, volume: number, disk: string): Finding[] {
  const label = labelOf(resource, volume)
  const { name } = node
  const wrong = (text: string, next: string): Finding[] => [{ severity: 'wrong', text, next }]
  if (disk === 'Diskless' || disk === 'Failed' || disk === 'Detaching') {
    const path = node.disks.get(volume)
    if (path === 'none') return []
    return wrong(
      `${label} on ${name} has lost its disk${path === undefined ? '' : ` ${path}`}: it failed, or somebody detached it`,
      `on ${name}: dmesg | grep -e drbd -e 'I/O error'. If the disk is well: drbdadm attach ${resource.name}. A new one needs metadata first; never take the other node down meanwhile.`,
    )
  }
  if (disk === 'Outdated' || disk === 'Consistent') {
    return wrong(
      `${label} on ${name} is ${disk === 'Outdated' ? 'outdated' : 'not known to be up to date'}: it will not become primary`,
      'It gets up to date by itself once it is connected to a node that is. Force nothing.',
    )
  }
  // Where nobody has good data, that is said already.
  const isElsewhere = resource.nodes.some((one) =>
    one.state?.volumes.some((each) => each.disk === 'UpToDate'),
  )
  if (disk === 'Inconsistent' && isElsewhere) {
    return wrong(
      `${label} on ${name} is inconsistent, and nothing is being copied to it`,
      `Connect it to a node that is UpToDate: drbdadm connect ${resource.name}; it is copied then.`,
    )
  }
  return []
}

/** Found by an online verify: such blocks stay as they are until somebody acts. */
function differenceFindings(resource: SharedResource): Finding[] {
  const found = resource.nodes.flatMap((node) =>
    (node.state?.connections ?? []).flatMap((connection) =>
      connection.volumes.filter(
        ({ replication, outOfSync, peerDisk }) =>
          replication === 'Established' && peerDisk === 'UpToDate' && (outOfSync ?? 0) > 0,
      ),
    ),
  )
  const most = Math.max(0, ...found.map(({ outOfSync }) => outOfSync ?? 0))
  if (most === 0) return []
  return [
    {
      severity: 'wrong',
      text: `${resource.name}: ${most} KiB differ between nodes that both count as up to date`,
      next: [
        'An online verify found them. Decide which node is right: the primary, as a rule.',
        `on the other: drbdadm invalidate --reset-bitmap=no ${resource.name} (DRBD 9); with 8.4, drbdadm disconnect ${resource.name}; drbdadm connect ${resource.name}`,
      ].join('\n'),
    },
  ]
}
