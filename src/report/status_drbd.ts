import { copiesOf } from '../drbd/health/copies.ts'
import type { Copy } from '../drbd/health/copies.ts'
import type { DrbdGroup } from '../drbd/health/groups.ts'
import { connectionTo } from '../drbd/health/shared.ts'
import type { SharedNode, SharedResource } from '../drbd/health/shared.ts'
import { shownSync } from '../drbd/sync_progress.ts'
import type { Paint } from './style.ts'

/** Each resource with what protects it, a line for each node as it sees itself, and what is being copied. */
export function drbdRows({ resources }: DrbdGroup, paint: Paint): string[] {
  return resources.flatMap((resource) => [
    `${resource.name}${protectionText(resource, paint)}`,
    ...nodeLines(resource, paint).map((line) => `  ${line}`),
    ...copiesOf(resource).map((copy) => `  ${copyText(resource, copy, paint)}`),
  ])
}

function protectionText({ nodes }: SharedResource, paint: Paint): string {
  const configured = nodes.find((node) => node.configured !== undefined)?.configured
  if (configured === undefined) return ''
  const { quorum = 'off', fencing = 'dont-care' } = configured
  return `  ${paint('dim', `quorum ${quorum}, fencing ${fencing}`)}`
}

function nodeLines(resource: SharedResource, paint: Paint): string[] {
  const rows = resource.nodes.map((node) => cellsOf(resource, node))
  // What stands last in its row makes no column wider.
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((cells) => (column < cells.length - 1 ? (cells[column]?.text.length ?? 0) : 0))),
  )
  return rows.map((cells) =>
    cells
      .map(({ text, look }, column) => {
        const padded = text.padEnd(widths[column] ?? 0)
        return look === undefined ? padded : paint(look, padded)
      })
      .join('  ')
      .trimEnd(),
  )
}

interface Cell {
  readonly text: string
  readonly look?: 'red' | 'yellow' | 'green' | 'dim'
}

function cellsOf(resource: SharedResource, node: SharedNode): Cell[] {
  const { name, drbdName, state } = node
  const also = drbdName === name ? '' : ` (${drbdName})`
  if (state === undefined) return [{ text: `${name}${also}` }, absenceCell(node)]
  const connections = resource.nodes
    .filter((other) => other !== node)
    .map((other) => linkCell(resource, node, other))
  const odd = connections.filter(({ look }) => look !== undefined)
  return [
    { text: `${name}${also}` },
    { text: state.role },
    diskCell(node),
    ...(odd.length === 0 ? [{ text: 'connected' }] : odd),
    ...(state.suspended ? [{ text: 'SUSPENDED', look: 'red' as const }] : []),
    ...(state.volumes.some(({ quorum }) => quorum === false)
      ? [{ text: 'NO QUORUM', look: 'red' as const }]
      : []),
  ]
}

function absenceCell({ asked, drbd }: SharedNode): Cell {
  if (asked === 'missed') return { text: 'could not be asked', look: 'dim' }
  if (asked === 'outside') return { text: 'not asked', look: 'dim' }
  if (drbd !== undefined && drbd.resources === undefined) return { text: 'does not tell', look: 'red' }
  return { text: drbd?.module === undefined ? 'not up: no module is loaded' : 'not up', look: 'red' }
}

function diskCell({ state, disks }: SharedNode): Cell {
  const volumes = state?.volumes ?? []
  const kinds = [...new Set(volumes.map(({ disk }) => disk))]
  const [only] = kinds
  const isTiebreaker = volumes.every(
    ({ volume, disk }) => disk === 'Diskless' && disks.get(volume) === 'none',
  )
  if (kinds.length <= 1) {
    if (only === 'UpToDate') return { text: only, look: 'green' }
    if (isTiebreaker) return { text: 'no disk, by design' }
    return { text: only ?? 'no volume', look: 'red' }
  }
  return { text: volumes.map(({ volume, disk }) => `${volume}:${disk}`).join(' '), look: 'red' }
}

function linkCell(resource: SharedResource, node: SharedNode, other: SharedNode): Cell {
  const connection = connectionTo(resource, node, other)
  // Who is meant goes without saying where there is only one.
  const to = resource.nodes.length === 2 ? '' : ` ${other.name}`
  if (connection === undefined) return { text: `no connection${to === '' ? '' : ` to${to}`}`, look: 'red' }
  if (connection.state !== 'Connected') return { text: `${connection.state}${to}`, look: 'red' }
  const busy = connection.volumes.map(({ replication }) => replication).find((one) => one !== 'Established')
  return busy === undefined ? { text: 'connected' } : { text: `${busy}${to}`, look: 'yellow' }
}

const BAR = 20

function copyText(
  resource: SharedResource,
  { kind, volume, from, to, progress, left }: Copy,
  paint: Paint,
): string {
  const hasVolumes = resource.nodes.some(({ state }) => (state?.volumes.length ?? 0) > 1)
  const way = `${from.name} → ${to.name}${hasVolumes ? ` volume ${volume}` : ''}`
  if (progress === undefined) return paint('yellow', `${way}: ${kind}`)
  const done = Math.floor((progress.percent / 100) * BAR)
  const bar = `[${'='.repeat(done)}${'.'.repeat(BAR - done)}]`
  // No rate is told while it is paused, and by old tools.
  const how =
    kind !== 'sync' || progress.rate === undefined
      ? `${way}: ${progress.percent.toFixed(1)} %${kind === 'sync' ? '' : `, ${kind === 'paused' ? 'PAUSED' : 'verified'}`}`
      : shownSync(way, progress)
  const rest = kind === 'verify' || left === undefined ? '' : `, ${sizeText(left)} to go`
  return `${paint('yellow', bar)} ${how}${rest}`
}

function sizeText(kib: number): string {
  if (kib < 1024) return `${kib} KiB`
  const mib = kib / 1024
  if (mib < 1024) return `${mib.toFixed(1)} MiB`
  return mib < 1024 * 1024 ? `${(mib / 1024).toFixed(1)} GiB` : `${(mib / 1024 / 1024).toFixed(2)} TiB`
}

/** One line where all hosts have the same, which they should. */
export function drbdVersionText({ hosts }: DrbdGroup): string {
  const alike = Map.groupBy(hosts, ({ drbd, versions }) => {
    const utils = versions.drbdUtils === null ? 'no drbd-utils' : `drbd-utils ${versions.drbdUtils}`
    return `${drbd.module === undefined ? 'no drbd module loaded' : `drbd ${drbd.module}`}, ${utils}`
  })
  if (alike.size <= 1) return [...alike.keys()].join('')
  return [...alike].map(([text, same]) => `${same.map(({ host }) => host).join(', ')}: ${text}`).join('; ')
}
