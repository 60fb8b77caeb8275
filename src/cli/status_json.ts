import type { AllStatus } from '../cluster/status/all_status.ts'
import { statusExitCode } from '../cluster/status/all_status.ts'
import { nodeOf } from '../cluster/status/clusters.ts'
import { drbdJson } from './status_json_drbd.ts'

/** The answer for programs: one line of JSON. `findings` is empty where all is well. */
export function statusJson(status: AllStatus, time = new Date()): string {
  return JSON.stringify({
    time: time.toISOString(),
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
    drbd: status.drbd.map(drbdJson),
    without: status.without.map((report) => report.host),
    unreachable: status.unreachable,
  })
}
