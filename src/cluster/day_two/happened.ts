import type { ClusterStatus, ResourceStatus } from '../../pacemaker/crm_mon.ts'
import { actionText } from '../../pacemaker/crm_simulate.ts'
import type { PlannedAction } from '../../pacemaker/crm_simulate.ts'

/** Where a resource was and is; empty where it does not run. */
export interface Happened {
  readonly resource: string
  /** `server1`, `server2 (promoted)` */
  readonly from: readonly string[]
  readonly to: readonly string[]
}

/** Pure: the resources that are elsewhere now, in the order of the cluster's configuration. */
export function happened(before: ClusterStatus, after: ClusterStatus): Happened[] {
  const ids = [...new Set([...before.resources, ...after.resources].map(({ id }) => id))]
  return ids.flatMap((resource) => {
    const [from, to] = [placesIn(before, resource), placesIn(after, resource)]
    return from.join() === to.join() ? [] : [{ resource, from, to }]
  })
}

function placesIn(status: ClusterStatus, id: string): string[] {
  const active = status.resources.filter((one) => one.id === id && one.active)
  return active
    .flatMap(({ nodes, role }) => nodes.map((node) => (role === 'Promoted' ? `${node} (promoted)` : node)))
    .toSorted()
}

/** Pure: what was foreseen and has not come about, in words. */
export function notAsForeseen(actions: readonly PlannedAction[], after: ClusterStatus): string[] {
  return actions.flatMap((action) => {
    if (!('resource' in action)) return []
    const instances = after.resources.filter(({ id }) => id === action.resource)
    const is = comesAbout(action, instances)
    if (is !== false) return []
    const places = placesIn(after, action.resource)
    return [
      `foreseen: ${actionText(action)}; it runs ${places.length === 0 ? 'nowhere' : `on ${places.join(', ')}`}`,
    ]
  })
}

/** Undefined for what leaves no trace, as a restart. */
function comesAbout(
  action: Extract<PlannedAction, { resource: string }>,
  instances: readonly ResourceStatus[],
): boolean | undefined {
  const isOn = (node: string, role?: string): boolean =>
    instances.some(
      (one) => one.active && one.nodes.includes(node) && (role === undefined || one.role === role),
    )
  if ('to' in action) return isOn(action.to)
  switch (action.kind) {
    case 'start':
      return isOn(action.node)
    case 'promote':
      return isOn(action.node, 'Promoted')
    case 'stop':
      return !isOn(action.node)
    default:
      return undefined
  }
}
