import { drbdGroups } from '../../drbd/health/groups.ts'
import type { DrbdGroup } from '../../drbd/health/groups.ts'
import { clustersOf } from './clusters.ts'
import type { Cluster, Unreachable } from './clusters.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './findings.ts'
import type { HostReport } from './host_report.ts'

/** The answer of all hosts that were asked. */
export interface AllStatus {
  readonly clusters: readonly { readonly cluster: Cluster; readonly findings: readonly Finding[] }[]
  /** Hosts with DRBD resources in common, in clusters or not. */
  readonly drbd: readonly DrbdGroup[]
  /** Hosts that belong to no cluster. */
  readonly without: readonly HostReport[]
  readonly unreachable: readonly Unreachable[]
}

export function allStatus(reports: readonly HostReport[], unreachable: readonly Unreachable[]): AllStatus {
  const { clusters, without } = clustersOf(reports, unreachable)
  return {
    clusters: clusters.map((cluster) => ({ cluster, findings: findingsOf(cluster, unreachable) })),
    drbd: drbdGroups(reports, unreachable),
    without,
    unreachable,
  }
}

/**
 * 2 where something is wrong in a cluster or with data, also where they are still being copied; else 4 where a host could
 * not be reached, else 0: notices are no failure.
 */
export function statusExitCode({ clusters, drbd, unreachable }: AllStatus): 0 | 2 | 4 {
  const isWrong = [...clusters, ...drbd].some(({ findings }) =>
    findings.some(({ severity }) => severity !== 'notice'),
  )
  return isWrong ? 2 : unreachable.length > 0 ? 4 : 0
}
