import type { ClusterStatus, ResourceStatus } from '../pacemaker/crm_mon.ts'
import type { Paint } from './style.ts'

/** A line for each resource with where it runs; members of groups stand under them, instances of clones together. */
export function resourceRows({ resources }: ClusterStatus, paint: Paint): string[] {
  if (resources.length === 0) return [paint('dim', 'none')]
  const rows: { depth: number; name: string; agent: string; state: string }[] = []
  let group: string | undefined
  const key = (one: ResourceStatus): string => JSON.stringify([one.clone, one.group, one.id])
  for (const instances of Map.groupBy(resources, key).values()) {
    const [first] = instances
    if (first === undefined) continue
    if (first.group !== group) {
      group = first.group
      if (group !== undefined) rows.push({ depth: 0, name: group, agent: paint('dim', 'group'), state: '' })
    }
    rows.push({
      depth: group === undefined ? 0 : 2,
      name: first.id,
      agent: first.agent,
      state: stateOf(instances, paint),
    })
  }
  const nameWidth = Math.max(...rows.map(({ depth, name }) => depth + name.length))
  const agentWidth = Math.max(...resources.map(({ agent }) => agent.length))
  return rows.map(({ depth, name, agent, state }) =>
    `${(' '.repeat(depth) + name).padEnd(nameWidth)}  ${agent.padEnd(agentWidth)}  ${state}`.trimEnd(),
  )
}

function stateOf(instances: readonly ResourceStatus[], paint: Paint): string {
  const isClone = instances[0]?.clone !== undefined
  // In a clone, instances that do not run are places that it could have: said only where none runs.
  const running = instances.filter((one) => one.active || one.failed || one.blocked)
  const shown = isClone && running.length > 0 ? running : instances
  const byRole = Map.groupBy(shown, (one) => roleText(one, paint))
  const places = [...byRole].map(([role, same]) => {
    const nodes = same.flatMap((one) => one.nodes).toSorted()
    return [role, nodes.join(', ')].filter((part) => part !== '').join(' ')
  })
  const words = [
    ...(instances.some((one) => !one.managed && !one.blocked) ? [paint('yellow', 'unmanaged')] : []),
    ...(instances.some((one) => one.orphaned) ? [paint('yellow', 'orphaned')] : []),
  ]
  return [places.join('; '), ...words].join('  ')
}

/** Started is said by where it runs. */
function roleText(one: ResourceStatus, paint: Paint): string {
  if (one.blocked) return paint('red', 'BLOCKED')
  if (one.failed) return paint('red', 'FAILED')
  if (one.pending !== undefined) return paint('yellow', one.pending.toLowerCase())
  if (one.role === 'Stopped' || !one.active)
    return one.targetRole === 'Stopped' ? paint('yellow', 'disabled') : paint('red', 'stopped')
  return one.role === 'Started' ? '' : one.role.toLowerCase()
}
