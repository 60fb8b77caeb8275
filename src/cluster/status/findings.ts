import { agreementFindings } from './agreement.ts'
import { nodeOf, tellingViews } from './clusters.ts'
import type { Cluster, Unreachable, View } from './clusters.ts'
import { ordered } from './finding.ts'
import type { Finding } from './finding.ts'
import type { HostReport } from './host_report.ts'
import { linkFindings } from './link_findings.ts'
import { nodeFindings } from './node_findings.ts'
import { leftBehindFindings, resourceFindings } from './resource_findings.ts'

/** Pure: everything that an operator should know of a cluster, the gravest first; nothing where all is well. */
export function findingsOf(cluster: Cluster, unreachable: readonly Unreachable[]): Finding[] {
  const { views, reports } = cluster
  const [view] = views
  // Configuration is the same on every node of a part; the DC's is the newest.
  const teller = reports.find(
    (report) => view?.hosts.includes(report.host) && nodeOf(report) === view.status.dc,
  )
  const told = teller ?? reports.find((report) => view?.hosts.includes(report.host))
  return ordered([
    ...(view === undefined ? [runsNowhere(cluster)] : []),
    ...agreementFindings(cluster),
    ...nodeFindings(cluster, unreachable),
    ...decidingViews(cluster).flatMap(({ status }) => resourceFindings(status)),
    ...linkFindings(cluster),
    ...(view?.status.maintenance === true ? [MAINTENANCE] : []),
    ...leftBehindFindings(told?.leftBehind ?? []),
    ...(told?.warnings ?? []).map((text): Finding => ({ severity: 'notice', text })),
    ...configurationFindings(reports),
  ])
}

/**
 * A part without quorum stops everything, which says nothing of the part that has it; where there is no DC, nobody knows
 * what runs.
 */
function decidingViews(cluster: Cluster): readonly View[] {
  const telling = tellingViews(cluster)
  const quorate = telling.filter(({ status }) => status.quorate)
  const deciding = quorate.length > 0 ? quorate : telling.slice(0, 1)
  return deciding.filter(({ status }) => status.dc !== undefined)
}

const MAINTENANCE: Finding = {
  severity: 'notice',
  text: 'the whole cluster is in maintenance: nothing is watched, started, stopped or recovered',
  next: 'crm_attribute --name maintenance-mode --delete',
}

const runsNowhere = ({ reports }: Cluster): Finding => ({
  severity: 'alarm',
  text: `the cluster answers on none of ${reports.map((report) => report.host).join(', ')}`,
})

/** What differs from host to host and should not. */
function configurationFindings(reports: readonly HostReport[]): Finding[] {
  const findings: Finding[] = []
  for (const { host } of reports.filter((report) => report.confUnreadable)) {
    findings.push({
      severity: 'wrong',
      text: `corosync.conf of ${host} cannot be read by corosync`,
      next: `on ${host}: compare it with that of another node and corosync.conf(5)`,
    })
  }
  const confs = Map.groupBy(
    reports.filter((report) => report.conf !== undefined),
    ({ conf }) => JSON.stringify({ ...conf, links: [...(conf?.links ?? [])] }),
  )
  if (confs.size > 1) {
    const groups = [...confs.values()].map((same) => same.map((report) => report.host).join(', '))
    findings.push({
      severity: 'wrong',
      text: `corosync.conf is not the same on ${groups.join(' and ')}`,
      next: 'Bring the right one to every node: pcs cluster sync, or run the playbook again.',
    })
  }
  for (const program of ['pacemaker', 'corosync'] as const) {
    const versions = new Set(reports.map((report) => report.versions[program]))
    if (versions.size <= 1) continue
    const each = reports.map((report) => `${report.host} ${report.versions[program] ?? 'none'}`)
    findings.push({ severity: 'notice', text: `${program} is not of one version: ${each.join(', ')}` })
  }
  for (const { host, units, versions } of reports) {
    if (versions.pcs === null || units.pcsd === undefined || units.pcsd === 'active') continue
    findings.push({
      severity: 'notice',
      text: `pcsd is ${units.pcsd} on ${host}: pcs cannot reach it from the other nodes`,
      next: `on ${host}: systemctl start pcsd`,
    })
  }
  return findings
}
