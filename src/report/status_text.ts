import type { AllStatus } from '../cluster/status/all_status.ts'
import { tellingViews } from '../cluster/status/clusters.ts'
import type { Cluster, Unreachable, View } from '../cluster/status/clusters.ts'
import { ordered } from '../cluster/status/finding.ts'
import type { Finding } from '../cluster/status/finding.ts'
import { linkFindings } from '../cluster/status/link_findings.ts'
import type { DrbdGroup } from '../drbd/health/groups.ts'
import { drbdRows, drbdVersionText } from './status_drbd.ts'
import { nodeRows, versionText } from './status_nodes.ts'
import { resourceRows } from './status_resources.ts'
import { indent, printable } from './style.ts'
import type { Paint } from './style.ts'

/** Clusters and their data at a glance: what is wrong first, then how each is. */
export function statusText({ clusters, drbd, without, unreachable }: AllStatus, paint: Paint): string {
  const ofCluster = (group: DrbdGroup, { reports }: Cluster): boolean =>
    group.hosts.some(({ host }) => reports.some((report) => report.host === host))
  const parts = clusters.map(({ cluster, findings }) =>
    clusterText(
      cluster,
      findings,
      drbd.filter((group) => ofCluster(group, cluster)),
      paint,
    ),
  )
  const apart = drbd.filter((group) => !clusters.some(({ cluster }) => ofCluster(group, cluster)))
  const inDrbd = new Set(drbd.flatMap(({ hosts }) => hosts.map(({ host }) => host)))
  const outside = without.map((report) => report.host).filter((host) => !inDrbd.has(host))
  const last = [
    ...unreachable.map((missed) => unreachableText(missed, paint)),
    ...(outside.length === 0 ? [] : [`${paint('dim', '·')} without a cluster: ${outside.join(', ')}`]),
  ]
  return [
    ...parts,
    ...apart.map((group) => drbdText(group, paint)),
    ...(last.length === 0 ? [] : [last.join('\n')]),
  ].join('\n\n')
}

/** Replicated data of hosts that are no cluster. */
function drbdText(group: DrbdGroup, paint: Paint): string {
  const name = `DRBD of ${group.hosts.map(({ host }) => host).join(', ')}`
  const rows: Row[] = [
    ['drbd', drbdRows(group, paint)],
    ['versions', [drbdVersionText(group)]],
  ]
  return [headText(name, group.findings, paint), indent(table(rows, paint), 2)].join('\n\n')
}

/** The verdict, and all findings under it. */
function headText(name: string, findings: readonly Finding[], paint: Paint): string {
  const grave = findings.filter(({ severity }) => severity !== 'notice').length
  const verdict =
    grave === 0
      ? paint('green', findings.length === 0 ? 'all is well' : 'works')
      : paint('red', grave === 1 ? 'something is wrong' : `${grave} things are wrong`)
  const heading = `${grave === 0 ? paint('green', '✓') : paint('red', '✗')} ${paint('bold', name)}: ${verdict}`
  return [heading, ...findings.map((finding) => indent(findingText(finding, paint), 2))].join('\n')
}

function clusterText(
  cluster: Cluster,
  findings: readonly Finding[],
  drbd: readonly DrbdGroup[],
  paint: Paint,
): string {
  const name = cluster.name === '' ? 'cluster without a name' : `cluster ${cluster.name}`
  // Data come first: what is wrong with them is worse than what does not run.
  const all = ordered([...drbd.flatMap((group) => group.findings), ...findings])
  const views = tellingViews(cluster)
  const rows = views.map((view) => viewRows(cluster, view, paint))
  const [only = [['nodes', nodeRows(cluster, undefined, paint)] as const]] = rows
  const common = [
    ...drbd.map((group): Row => ['drbd', drbdRows(group, paint)]),
    ...commonRows(cluster, paint),
    ...drbd.map((group): Row => ['', [drbdVersionText(group)]]),
  ]
  const body =
    views.length <= 1
      ? [table([...only, ...common], paint)]
      : [
          ...views.map((view, index) => {
            const seenBy = paint('bold', `as ${view.hosts.join(', ')} sees it`)
            return `${seenBy}\n${table(rows[index] ?? [], paint)}`
          }),
          table(common, paint),
        ]
  return [headText(name, all, paint), ...body.map((text) => indent(text, 2))].join('\n\n')
}

function unreachableText({ host, problem, remedy }: Unreachable, paint: Paint): string {
  const next = remedy === undefined ? '' : `\n    ${paint('dim', 'next')}  ${remedy}`
  return `${paint('red', '✗')} ${host} could not be reached: ${problem}${next}`
}

const MARKS = { alarm: '✗', wrong: '✗', notice: '!' } as const

function findingText({ severity, text, next }: Finding, paint: Paint): string {
  const look = severity === 'notice' ? 'yellow' : 'red'
  const [first = '', ...rest] = text.split('\n')
  return [
    `${paint(look, MARKS[severity])} ${severity === 'alarm' ? paint(['bold', 'red'], first) : first}`,
    ...rest.map((line) => `    ${line}`),
    ...(next === undefined ? [] : nextLines(next, paint)),
  ].join('\n')
}

/** Steps below one another. */
const nextLines = (next: string, paint: Paint): string[] =>
  next
    .split('\n')
    .map((line, index) => `    ${index === 0 ? paint('dim', 'next') : '    '}  ${printable(line)}`)

type Row = readonly [label: string, lines: readonly string[]]

function viewRows(cluster: Cluster, view: View, paint: Paint): Row[] {
  const { status } = view
  return [
    ['quorum', [quorumText(view, paint)]],
    ['DC', [status.dc ?? paint('red', 'none')]],
    ['nodes', nodeRows(cluster, status, paint)],
    ['resources', status.dc === undefined ? ['not known without a DC'] : resourceRows(status, paint)],
    ['fencing', fencingRows(status, paint)],
  ]
}

function commonRows(cluster: Cluster, paint: Paint): Row[] {
  const broken = linkFindings(cluster).length
  const known = cluster.reports.some((report) => report.links !== undefined)
  const all = cluster.reports.flatMap((report) => report.links?.links ?? [])
  const isWhole = all.every(({ state }) => state === 'connected' || state === 'localhost')
  const links =
    broken > 0
      ? paint('red', `${broken} broken`)
      : isWhole
        ? 'all connect'
        : 'those of the running nodes connect'
  return [...(known ? [['links', [links]] as const] : []), ['versions', [versionText(cluster)]]]
}

function quorumText({ status, quorum }: View, paint: Paint): string {
  const word = status.quorate ? 'yes' : paint('red', 'NO')
  if (quorum === undefined) return word
  const special = quorum.flags.filter((flag) => flag !== 'Quorate')
  const flags = special.length === 0 ? '' : `  ${paint('dim', special.join(', '))}`
  return `${word}, ${quorum.totalVotes} of ${quorum.expectedVotes} votes${flags}`
}

const MOST_FENCING = 3

function fencingRows({ fencing, fencingEnabled, resources }: View['status'], paint: Paint): string[] {
  const devices = resources.filter(({ agent }) => agent.startsWith('stonith:')).map(({ id }) => id)
  const on = devices.length === 0 ? 'on, without a device' : `on: ${[...new Set(devices)].join(', ')}`
  const history = fencing.slice(0, MOST_FENCING).map(({ target, action, status, completed }) => {
    const line = `${target} ${action}: ${status}${completed === undefined ? '' : `, ${completed}`}`
    return status === 'success' ? line : paint('red', line)
  })
  const more = fencing.length - history.length
  return [
    fencingEnabled ? on : paint('yellow', 'off'),
    ...history,
    ...(more > 0 ? [paint('dim', `and ${more} before`)] : []),
  ]
}

const LABEL = 11

function table(rows: readonly Row[], paint: Paint): string {
  return rows
    .flatMap(([label, lines]) =>
      lines.map((line, index) => `${paint('dim', (index === 0 ? label : '').padEnd(LABEL))}${line}`),
    )
    .map((line) => line.trimEnd())
    .join('\n')
}
