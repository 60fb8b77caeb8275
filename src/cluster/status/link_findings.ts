import type { Cluster } from './clusters.ts'
import { nodeOf } from './clusters.ts'
import type { Finding } from './finding.ts'
import type { HostReport } from './host_report.ts'

/** Links that do not connect between nodes whose corosync runs: one sentence for both directions of a link. */
export function linkFindings({ reports, views }: Cluster): Finding[] {
  // A node whose corosync does not answer has no links; that is told of the node.
  const silent = new Set(reports.filter((report) => report.links === undefined).map(nodeOf))
  const members = views.flatMap((view) => view.members)
  const running = new Set([...reports.map(nodeOf), ...members].filter((name) => !silent.has(name)))
  const broken = new Map<string, Finding>()
  for (const report of reports) {
    for (const { link, nodeId, state } of report.links?.links ?? []) {
      if (state === 'connected' || state === 'localhost') continue
      const other = nameOf(report, nodeId)
      if (!running.has(other)) continue
      const ends = [nodeOf(report), other].toSorted()
      const text = `link ${link} between ${ends.join(' and ')} is ${state}`
      broken.set(text, {
        severity: 'wrong',
        text,
        next: `Look at the network behind link ${link}: ${addressesText(report, link)}`,
      })
    }
    for (const { ring, address, status, faulty } of report.links?.rings ?? []) {
      if (!faulty) continue
      const text = `ring ${ring} of ${nodeOf(report)} (${address}): ${status}`
      broken.set(text, {
        severity: 'wrong',
        text,
        next: 'Mend the network, then on that node: corosync-cfgtool -r',
      })
    }
  }
  return [...broken.values()]
}

const nameOf = ({ conf }: HostReport, id: number): string =>
  conf?.nodes.find((node) => node.id === id)?.name ?? `node ${id}`

const addressesText = ({ conf }: HostReport, link: number): string =>
  (conf?.nodes ?? []).map((node) => `${node.name} ${node.addresses[link] ?? '?'}`).join(', ')
