import { columns } from '../../report/columns.ts'
import { diskfulNodes } from '../resource_nodes.ts'
import type { DrbdResource } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'
import type { FileSystemTimes } from './device_story.ts'
import type { KernelStory } from './kernel_log.ts'
import type { HealQuestion } from './question.ts'
import { connectionTo, generationOf, haveCommonBitmap, volumeRelation } from './relations.ts'

/** What is shown of a node beside its report. */
export interface NodeStory {
  readonly kernel: KernelStory
  /** By volume. */
  readonly fileSystems: ReadonlyMap<number, FileSystemTimes>
}

/** A table of what all nodes say, side by side, for the one who has to decide. */
export function explain(question: HealQuestion, stories: ReadonlyMap<string, NodeStory>): string {
  const { resource, reports, uses } = question
  const nodes = diskfulNodes(resource as DrbdResource).flatMap(
    ({ name }) => reports.find(({ node }) => node === name) ?? [],
  )
  const kernel = (node: string) => stories.get(node)?.kernel
  const rows: Row[] = [
    ['', ...nodes.map(({ node }) => node)],
    ['now', ...nodes.map((one) => stateText(one))],
    ['connection', ...nodes.map((one) => connectionText(one, nodes))],
    ['in use', ...nodes.map(({ node }) => uses.get(node)?.join(', ') || 'by nobody')],
    ['primary', ...nodes.map((one) => primaryText(one, kernel(one.node)))],
    ['lost sight of a peer', ...nodes.map(({ node }) => kernel(node)?.disconnected ?? '-')],
    ['began data of its own', ...nodes.map(({ node }) => kernel(node)?.newGeneration ?? '-')],
    ['told of the split', ...nodes.map(({ node }) => kernel(node)?.splitBrain ?? '-')],
    ...resource.volumes.flatMap(({ volume }) =>
      volumeRows(volume, nodes, resource.volumes.length > 1, stories),
    ),
  ]
  // Where nothing is known of anybody, there is no row.
  const told = rows.filter(
    ([label, ...cells], index) => index === 0 || label === '' || cells.some((cell) => cell !== '-'),
  )
  return columns(told)
}

type Row = readonly [label: string, ...cells: string[]]

function stateText({ reached, resource }: DrbdNodeReport): string {
  if (!reached) return 'does not answer'
  return resource === undefined ? 'not up' : `${resource.role}${resource.suspended ? ', frozen' : ''}`
}

function connectionText(node: DrbdNodeReport, nodes: readonly DrbdNodeReport[]): string {
  const others = nodes.filter((one) => one !== node)
  const states = others.map((other) => {
    const state = connectionTo(node, other.node)?.state
    return state === undefined ? '' : others.length > 1 ? `${state} to ${other.node}` : state
  })
  return states.filter((one) => one !== '').join(', ') || '-'
}

/** After a crash or a power cut, no line tells of the end. */
function primaryText({ resource }: DrbdNodeReport, kernel: KernelStory | undefined): string {
  const { promoted, demoted } = kernel ?? {}
  if (promoted === undefined) return demoted === undefined ? '-' : `until ${demoted}`
  if (demoted !== undefined && demoted >= promoted) return `${promoted} to ${sinceDay(promoted, demoted)}`
  return resource?.role === 'Primary' ? `since ${promoted}` : `${promoted}, end unknown`
}

/** Without the day where it is the same one. */
const sinceDay = (from: string, to: string): string =>
  /^\d/.test(to) && from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to

function volumeRows(
  volume: number,
  nodes: readonly DrbdNodeReport[],
  isNamed: boolean,
  stories: ReadonlyMap<string, NodeStory>,
): Row[] {
  const label = (text: string): string => (isNamed ? `volume ${volume}: ${text}` : text)
  const of = (show: (node: DrbdNodeReport) => string | undefined): string[] =>
    nodes.map((node) => show(node) ?? '-')
  const ids = (pick: (generation: NonNullable<ReturnType<typeof generationOf>>) => readonly string[]) =>
    of((node) => {
      const generation = generationOf(node, volume)
      return generation === undefined ? undefined : pick(generation).slice(0, 3).join(' ') || undefined
    })
  return [
    [label('disk'), ...of((node) => node.resource?.volumes.find((one) => one.volume === volume)?.disk)],
    [
      label('size'),
      ...of((node) => sizeText(node.resource?.volumes.find((one) => one.volume === volume)?.size)),
    ],
    [label('changed since the split'), ...of((node) => changedText(node, volume))],
    [label('mounted'), ...of(({ node }) => stories.get(node)?.fileSystems.get(volume)?.mounted)],
    [
      label('written until, or later'),
      ...of(({ node }) => stories.get(node)?.fileSystems.get(volume)?.written),
    ],
    [label('data now'), ...ids(({ current }) => [current])],
    [label('split from'), ...ids(({ bitmap }) => bitmap)],
    [label('before'), ...ids(({ history }) => history)],
    [label('in words'), ...nodes.map((node) => relationText(node, nodes, volume))],
  ]
}

function changedText({ resource }: DrbdNodeReport, volume: number): string | undefined {
  const counts = (resource?.connections ?? []).flatMap(({ volumes }) =>
    volumes.filter((one) => one.volume === volume).map(({ outOfSync }) => outOfSync),
  )
  const known = counts.filter((one) => one !== undefined)
  return known.length === 0 ? undefined : sizeText(Math.max(...known))
}

function relationText(node: DrbdNodeReport, nodes: readonly DrbdNodeReport[], volume: number): string {
  const said = nodes.flatMap((other) => {
    if (other === node) return []
    const relation = volumeRelation(node, other, volume)
    if (relation === undefined) return []
    const [own, its] = [generationOf(node, volume), generationOf(other, volume)]
    const isOld = own !== undefined && its !== undefined && !haveCommonBitmap(own, its)
    const words = {
      same: `same as ${other.node}`,
      older: `older than ${other.node}`,
      newer: `newer than ${other.node}`,
      diverged: `has what ${other.node} has not${isOld ? ', since long ago' : ''}`,
      unrelated: `nothing in common with ${other.node}`,
    } as const
    return [words[relation]]
  })
  return said.join('; ') || '-'
}

/** Of KiB. */
export function sizeText(kib: number | undefined): string | undefined {
  if (kib === undefined) return undefined
  if (kib < 1024) return `${kib} KiB`
  return kib < 1024 * 1024 ? `${(kib / 1024).toFixed(1)} MiB` : `${(kib / 1024 / 1024).toFixed(1)} GiB`
}
