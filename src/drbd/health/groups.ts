import type { Finding } from '../../cluster/status/finding.ts'
import { ordered } from '../../cluster/status/finding.ts'
import type { Facts } from '../../facts/facts.ts'
import type { HostDrbd } from '../status/host_drbd.ts'
import { configFindings } from './config_findings.ts'
import { copiesOf } from './copies.ts'
import { diskFindings } from './disk_findings.ts'
import { moduleFindings } from './module_findings.ts'
import { drbdNodeFindings } from './node_findings.ts'
import { sharedResources } from './shared.ts'
import type { AskedHost, MissedHost, SharedResource } from './shared.ts'
import { splitFindings } from './split_findings.ts'

/** What is known of a host that was asked. */
export interface DrbdReport extends AskedHost {
  readonly user: string
  readonly isRoot: boolean
  readonly versions: Facts['versions']
}

export type DrbdHost = DrbdReport & { readonly drbd: HostDrbd }

/** Hosts that have resources in common, all of them, and what is to be known of that. */
export interface DrbdGroup {
  /** Those that answered; in order. */
  readonly hosts: readonly DrbdHost[]
  readonly resources: readonly SharedResource[]
  /** The gravest first. */
  readonly findings: readonly Finding[]
}

/** Pure: the DRBD of all hosts. A host whose DRBD has no resource, and no fault, is in no group. */
export function drbdGroups(reports: readonly DrbdReport[], missed: readonly MissedHost[]): DrbdGroup[] {
  const hosts = reports.filter((report): report is DrbdHost => report.drbd !== undefined)
  const resources = sharedResources(reports, missed)
  const groups: { names: Set<string>; resources: SharedResource[] }[] = []
  const add = (names: readonly string[], own: readonly SharedResource[]): void => {
    const same = groups.filter((group) => names.some((name) => group.names.has(name)))
    for (const group of same) groups.splice(groups.indexOf(group), 1)
    groups.push({
      names: new Set([...same.flatMap((group) => [...group.names]), ...names]),
      resources: [...same.flatMap((group) => group.resources), ...own],
    })
  }
  for (const resource of resources)
    add(
      resource.nodes.map(({ name }) => name),
      [resource],
    )
  for (const { host, drbd } of hosts)
    if (drbd.configProblem !== undefined || drbd.resources === undefined) add([host], [])
  return groups.map((group) => {
    const own = hosts.filter(({ host }) => group.names.has(host))
    return { hosts: own, resources: group.resources, findings: findingsOf(own, group.resources) }
  })
}

function findingsOf(hosts: readonly DrbdHost[], resources: readonly SharedResource[]): Finding[] {
  return ordered([
    ...resources.flatMap(splitFindings),
    ...resources.flatMap(drbdNodeFindings),
    ...resources.flatMap(diskFindings),
    ...moduleFindings(hosts),
    ...resources.flatMap(configFindings),
    ...resources.flatMap(verifyFindings),
  ])
}

function verifyFindings(resource: SharedResource): Finding[] {
  const found = copiesOf(resource).filter(({ kind }) => kind === 'verify')
  return found.slice(0, 1).map(() => ({ severity: 'notice', text: `${resource.name} is being verified` }))
}
