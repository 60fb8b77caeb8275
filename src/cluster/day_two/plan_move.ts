import { BringupError } from '../../errors.ts'
import { isMoveOf, withBan, withPreference } from '../../pacemaker/cib/edit.ts'
import { isCloneElement } from '../../pacemaker/cib/resource_tree.ts'
import type { ClusterStatus, ResourceStatus } from '../../pacemaker/crm_mon.ts'
import { leftBehind } from '../../pacemaker/left_behind.ts'
import type { Change, ClusterState, Moving, Plan } from './change.ts'
import { nodeNamed, partOf, resourceNamed } from './names.ts'

/** Pure: a move as a plan; see `planChange`. @throws BringupError REFUSED where there is nothing that could be moved */
export function movePlan(
  { resource, to, lifetime }: Extract<Change, { kind: 'move' }>,
  state: ClusterState,
  now: Date,
): Plan {
  const { members, promoted } = movable(resource, state)
  const { cib, status } = state
  if (to !== undefined) takes(nodeNamed(state, to).name, status)
  const instances = status.resources.filter(({ id }) => members.has(id))
  const from = placesOf(instances, promoted)
  const does = promoted ? 'is promoted' : 'runs'
  const held = instances.filter(({ managed }) => !managed).map(({ id }) => id)
  if (status.maintenance || held.length > 0)
    throw refused(`the cluster does not manage ${status.maintenance ? 'anything' : held.join(', ')}`, {
      seen: status.maintenance ? 'it is in maintenance' : `${held.join(', ')}: unmanaged, or in maintenance`,
      remedy:
        'End that first: bringup cluster maintenance off, with --node or --resource where it is theirs.',
    })
  if (from.length === 0)
    throw refused(`${resource} ${does} nowhere, so that there is nothing to move`, {
      seen: instances.map(({ id, role, targetRole }) => `${id}: ${targetRole ?? role}`).join('\n'),
      remedy: `See why it does not run: bringup status. Where its failures keep it from running: bringup cluster cleanup ${resource}.`,
    })
  const moves = leftBehind(cib).filter((one) => isMoveOf(one, resource) && !isOver(one.ends, now))
  if (to === undefined) {
    const moved = moves.find(({ kind, node }) => kind === 'ban' && !from.includes(node ?? ''))
    if (moved !== undefined)
      return {
        met: `${resource} was moved off ${moved.node ?? 'a node'} already, and ${does} on ${from.join(', ')} (${moved.id}); to move it on, say --to NODE, or clear it first`,
      }
  } else if (from.length === 1 && from[0] === to) {
    return { met: `${resource} ${does} on ${to} already` }
  }
  const [away = ''] = from
  const options = [
    ...(promoted ? [promotedFlag(status.version)] : []),
    ...(lifetime === undefined ? [] : ['--lifetime', `PT${lifetime}S`]),
  ]
  const moving: Moving = { resource, members, from, to, promoted }
  return {
    cib:
      to === undefined
        ? withBan(cib, { resource, node: away, promoted })
        : withPreference(cib, { resource, node: to, promoted }),
    commands: [
      [
        'crm_resource',
        to === undefined ? '--ban' : '--move',
        '--resource',
        resource,
        '--node',
        to ?? away,
        ...options,
      ],
    ],
    moving,
  }
}

/** Whether a lifetime is over. */
export const isOver = (ends: Date | undefined, now: Date): boolean => ends !== undefined && ends <= now

/** The nodes where something runs, of a promotable clone where it is promoted. */
export function placesOf(instances: readonly ResourceStatus[], promoted: boolean): string[] {
  const active = instances.filter((one) => one.active && (!promoted || one.role === 'Promoted'))
  return [...new Set(active.flatMap(({ nodes }) => nodes))].toSorted()
}

/** A name that stands for something that is in one place. */
function movable(resource: string, state: ClusterState): { members: ReadonlySet<string>; promoted: boolean } {
  const { node, within, members, promotable } = resourceNamed(state, resource)
  if (within !== undefined) throw partOf(resource, within, 'and moves with it', 'move')
  if (node.name === 'bundle' || (isCloneElement(node) && !promotable))
    throw refused(`${resource} is a ${node.name}: it is not in one place only`, {
      remedy:
        'What is in one place can be moved: a resource, a group, the promoted instance of a clone. To have a node run nothing: bringup cluster standby NODE.',
    })
  return { members, promoted: promotable }
}

function takes(name: string, status: ClusterStatus): void {
  const node = status.nodes.find((one) => one.name === name)
  const states = [
    ['offline', node?.online !== true],
    ['in standby', node?.standby === true],
    ['in maintenance', node?.maintenance === true],
    ['joining', node?.pending === true],
    ['unclean', node?.unclean === true],
  ] as const
  const said = states.filter(([, is]) => is).map(([word]) => word)
  if (said.length === 0) return
  throw refused(`nothing can move to ${name}: it is ${said.join(' and ')}`, {
    remedy: said.includes('in standby')
      ? `Where nobody needs that any more: bringup cluster unstandby ${name}.`
      : `Bring ${name} into order first (bringup status tells how it is), or name another node.`,
  })
}

/** `--promoted` from 2.1 on, which 3.0 alone takes; `--master` before. */
function promotedFlag(version: string | undefined): string {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 1) ? '--promoted' : '--master'
}

const refused = (message: string, details: { seen?: string; remedy: string }): BringupError =>
  new BringupError('REFUSED', message, details)
