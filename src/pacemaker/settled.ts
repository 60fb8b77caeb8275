import { groupMembers } from './cib/schema.ts'
import type { Cib } from './cib/schema.ts'
import { role } from './cib/meaning.ts'
import type { ClusterStatus, Failure, ResourceStatus } from './crm_mon.ts'

type Wanted = Pick<Cib, 'resources' | 'groups'>

/**
 * What is not yet as it should be, in words, for the resources that are declared: nobody else's failure keeps a run
 * from being done. Empty when every one runs, and none is under way.
 */
export function settled(status: ClusterStatus, wanted: Wanted): string[] {
  if (status.dc === undefined) return ['the cluster has no DC yet']
  const problems = status.quorate ? [] : ['the cluster has no quorum']
  for (const node of status.nodes) {
    if (node.unclean) problems.push(`node ${node.name} is unclean: what runs there is not known`)
    else if (node.pending) problems.push(`node ${node.name} is joining`)
  }
  const groups = groupMembers(wanted)
  const groupOf = new Map([...groups].flatMap(([group, members]) => members.map((member) => [member, group])))
  for (const resource of wanted.resources) {
    const group = groupOf.get(resource.id)
    const copies = group === undefined ? resource : wanted.groups[group]
    const instances = status.resources.filter((one) => one.id === resource.id && !one.orphaned)
    problems.push(...resourceProblems(resource.id, instances, copies?.promotable !== undefined))
  }
  return problems
}

function declaredIds(wanted: Wanted): Set<string> {
  return new Set([...wanted.resources.map((resource) => resource.id), ...groupMembers(wanted).keys()])
}

/** The failures of declared resources that the cluster remembers. */
export function failed(status: ClusterStatus, wanted: Wanted): Failure[] {
  const declared = declaredIds(wanted)
  return status.failures.filter((failure) => declared.has(failure.resource))
}

/** What an operator should see beside {@link settled}: the failures of these resources, the newest knowledge there is. */
export function evidence(status: ClusterStatus, wanted: Wanted): string[] {
  const declared = declaredIds(wanted)
  const failures = failed(status, wanted).map(({ operation, status: said, reason, when }) => {
    return `${operation}: ${said}${reason === '' || reason === 'none' ? '' : ` (${reason})`}${when === '' ? '' : `, ${when}`}`
  })
  const bans = status.bans
    .filter((ban) => declared.has(ban.resource))
    .map((ban) => `${ban.id} keeps ${ban.resource} off ${ban.node}`)
  const offline = status.nodes
    .filter((node) => !node.online || node.standby || node.maintenance)
    .map((node) => {
      const state = !node.online ? 'offline' : node.standby ? 'in standby' : 'in maintenance'
      return `node ${node.name} is ${state}`
    })
  return [...failures, ...bans, ...offline]
}

function resourceProblems(id: string, instances: readonly ResourceStatus[], promotable: boolean): string[] {
  if (instances.length === 0) return [`${id} is not known to the cluster yet`]
  const problems: string[] = []
  for (const one of instances) {
    const where = one.nodes.length === 0 ? '' : ` on ${one.nodes.join(', ')}`
    if (one.blocked) problems.push(`${id} is blocked${where}: the cluster cannot recover it`)
    else if (one.failed) problems.push(`${id} failed${where}`)
    else if (one.pending !== undefined) problems.push(`${id} is ${one.pending.toLowerCase()}${where}`)
    else if (one.nodes.length > 1) problems.push(`${id} runs on ${one.nodes.join(' and ')} at once`)
  }
  // Unmanaged or disabled: an operator's word, which is not ours to wait against.
  const held = instances.every((one) => !one.managed || role(one.targetRole) === 'Stopped')
  const active = instances.filter((one) => one.active && one.nodes.length > 0)
  if (problems.length > 0 || held) return problems
  if (active.length === 0) return [`${id} is not running`]
  const mayPromote = instances.every((one) => one.targetRole === undefined || one.targetRole === 'Promoted')
  if (promotable && mayPromote && !active.some((one) => one.role === 'Promoted')) {
    return [`${id} is promoted nowhere`]
  }
  return []
}
