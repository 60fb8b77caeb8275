import type { ClusterStatus, Failure, FencingAction, ResourceStatus } from '../../pacemaker/crm_mon.ts'
import type { LeftBehind } from '../../pacemaker/left_behind.ts'
import type { Finding } from './finding.ts'

/** Resources that do not run as they should, failures that the cluster remembers, and fencing that failed. */
export function resourceFindings(status: ClusterStatus): Finding[] {
  const held = new Set(status.nodes.filter((node) => node.maintenance).map((node) => node.name))
  const byId = Map.groupBy(status.resources, (resource) => resource.clone ?? resource.id)
  const findings = [...byId.values()].flatMap((instances) => {
    const ids = new Set(instances.map((resource) => resource.id))
    return [...ids].flatMap((id) =>
      instancesFindings(
        instances.filter((one) => one.id === id),
        status.failures,
        (one) => status.maintenance || (one.nodes.length > 0 && one.nodes.every((node) => held.has(node))),
      ),
    )
  })
  const told = new Set(findings.flatMap((finding) => finding.failures))
  const remembered = status.failures.filter((failure) => !told.has(failure)).map(rememberedFinding)
  return [...findings, ...remembered, ...fencingFindings(status)]
}

type ResourceFinding = Finding & { readonly failures: readonly Failure[] }

function instancesFindings(
  instances: readonly ResourceStatus[],
  failures: readonly Failure[],
  isInMaintenance: (one: ResourceStatus) => boolean,
): ResourceFinding[] {
  const [first] = instances
  if (first === undefined) return []
  const own = failures.filter((failure) => failure.resource === first.id)
  const problem = problemOf(instances)
  if (problem !== undefined) {
    const because = own.map((failure) => `\n${failureText(failure)}`).join('')
    const cleanup = `crm_resource --cleanup --resource ${first.id}`
    return [
      {
        severity: 'wrong',
        text: `${first.id} ${problem}${because}`,
        next:
          own.length > 0
            ? `Mend the cause, then: ${cleanup}`
            : `crm_mon -1rf says more; ${cleanup} tries again`,
        failures: own,
      },
    ]
  }
  const on = placeText(instances)
  if (first.orphaned)
    return [
      notice(
        `${first.id} is no longer configured, and still runs${on}`,
        `crm_resource --cleanup --resource ${first.id}`,
      ),
    ]
  if (instances.some((one) => !one.managed && !isInMaintenance(one)))
    return [notice(`${first.id} is not managed: it is left as it is, whatever happens to it`)]
  return []
}

/** What is wrong, as the end of a sentence that begins with the resource; undefined where nothing is. */
function problemOf(instances: readonly ResourceStatus[]): string | undefined {
  const blocked = instances.filter((one) => one.blocked)
  if (blocked.length > 0) return `is blocked${placeText(blocked)}: the cluster cannot recover it by itself`
  const failed = instances.filter((one) => one.failed)
  if (failed.length > 0) return `failed${placeText(failed)}`
  const twice = instances.find((one) => one.nodes.length > 1)
  if (twice !== undefined) return `runs on ${twice.nodes.join(' and ')} at once`
  const isHeld = instances.every((one) => one.targetRole === 'Stopped' || !one.managed)
  if (isHeld || instances.some((one) => one.orphaned)) return undefined
  if (instances.every((one) => !one.active)) {
    const pending = instances.find((one) => one.pending !== undefined)?.pending
    return pending === undefined ? 'is not running' : `is ${pending.toLowerCase()}`
  }
  const isPromotable = instances.some((one) => one.role === 'Promoted' || one.role === 'Unpromoted')
  const mayPromote = instances.every((one) => one.targetRole === undefined || one.targetRole === 'Promoted')
  const isPromoted = instances.some((one) => one.role === 'Promoted')
  return isPromotable && mayPromote && !isPromoted ? 'is promoted nowhere' : undefined
}

function placeText(instances: readonly ResourceStatus[]): string {
  const nodes = [...new Set(instances.flatMap((one) => one.nodes))]
  return nodes.length === 0 ? '' : ` on ${nodes.join(', ')}`
}

function failureText({ operation, status, reason, when }: Failure): string {
  const why = reason === '' || reason === 'none' ? '' : ` (${reason})`
  // `vip_monitor_30000 on server1`, of which the resource is said already.
  const what = operation.replace(/^.*_(migrate_from|migrate_to|[a-z-]+)_\d+ on /, '$1 on ')
  return `${what}: ${status}${why}${when === '' ? '' : `, ${when}`}`
}

function rememberedFinding(failure: Failure): Finding {
  return notice(
    `${failure.resource} failed and was recovered: ${failureText(failure)}`,
    `crm_resource --cleanup --resource ${failure.resource} forgets it`,
  )
}

/** Only the latest for each node counts; what succeeded is history. */
function fencingFindings({ fencing, fencingEnabled, resources }: ClusterStatus): Finding[] {
  const latest = new Map<string, FencingAction>()
  for (const action of fencing) if (!latest.has(action.target)) latest.set(action.target, action)
  const findings = [...latest.values()].flatMap(({ target, action, status, completed }): Finding[] => {
    if (status === 'success') return []
    const when = completed === undefined ? '' : `, ${completed}`
    if (status !== 'failed')
      return [{ severity: 'wrong', text: `${target} is being fenced (${action}: ${status})` }]
    return [
      {
        severity: 'wrong',
        text: `fencing of ${target} failed (${action}${when})`,
        next: 'Try the fence device by hand: stonith_admin --list-targets, then its agent with its options.',
      },
    ]
  })
  if (fencingEnabled && !resources.some(({ agent }) => agent.startsWith('stonith:'))) {
    findings.push({
      severity: 'notice',
      text: 'fencing is on, and no fence device is configured: without a watchdog (sbd) nothing is ever started',
    })
  }
  return findings
}

/** What keeps a resource where it is, or from where it should be, until somebody takes it away. */
export function leftBehindFindings(constraints: readonly LeftBehind[]): Finding[] {
  return constraints.map(({ id, resource, node, kind }) => {
    const where = node ?? 'where a rule says'
    if (kind === 'fence')
      return notice(
        `${id} keeps ${resource} from being promoted anywhere but on ${where}`,
        'DRBD takes it away itself once the data is in step: see drbdadm status. Never take it away by hand before.',
      )
    const does = kind === 'ban' ? `keeps ${resource} off ${where}` : `draws ${resource} to ${where}`
    return notice(`${id} ${does}, since somebody moved it`, `crm_resource --clear --resource ${resource}`)
  })
}

const notice = (text: string, next?: string) => ({
  severity: 'notice' as const,
  text,
  ...(next === undefined ? {} : { next }),
  failures: [],
})
