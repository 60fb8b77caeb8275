import type { AllStatus } from '../cluster/status/all_status.ts'
import { statusExitCode } from '../cluster/status/all_status.ts'
import { nodeOf } from '../cluster/status/clusters.ts'

/** The answer for programs: one line of JSON. `findings` is empty where all is well. */
export function statusJson(status: AllStatus): string {
  return JSON.stringify({
    exitCode: statusExitCode(status),
    clusters: status.clusters.map(({ cluster, findings }) => ({
      name: cluster.name,
      findings,
      nodes: cluster.nodes,
      views: cluster.views,
      hosts: cluster.reports.map((report) => ({
        host: report.host,
        node: nodeOf(report),
        units: report.units,
        versions: report.versions,
        links: report.links?.links ?? [],
        leftBehind: report.leftBehind,
      })),
    })),
    without: status.without.map((report) => report.host),
    unreachable: status.unreachable,
  })
}
