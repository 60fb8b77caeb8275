import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import { leftBehind } from '../../pacemaker/left_behind.ts'
import { isMoveOf } from '../../pacemaker/cib/edit.ts'
import { failCountText } from '../planned/fail_counts.ts'
import { notLeft } from '../planned/has_left.ts'
import { notReturned } from '../planned/has_returned.ts'
import { servicesOn } from '../planned/services.ts'
import type { Change, ClusterState, Moving } from './change.ts'
import { isClusterHeld, isHeld, onRecord } from './plan.ts'
import { placesOf } from './plan_move.ts'

export interface Expected {
  readonly change: Change
  /** What ran before, and is not foreseen to stop. */
  readonly services: readonly string[]
  /** Those of them that the node ran that goes into standby. */
  readonly leaving: readonly string[]
  readonly moving: Moving | undefined
  /** What was blocked before; that is no surprise. */
  readonly blocked: readonly string[]
}

/** Pure: what is left to happen until a change has come about, in words; empty once it has. */
export function notReached(expected: Expected, state: ClusterState): string[] {
  const { status } = state
  if (status.dc === undefined) return ['the cluster has no DC']
  const running = new Set(status.nodes.flatMap(({ name }) => servicesOn(status, name)))
  return [
    ...new Set([
      ...ofChange(expected, state),
      ...expected.services.filter((id) => !running.has(id)).map((id) => `${id} does not run`),
      ...blockedIn(status)
        .filter((id) => !expected.blocked.includes(id))
        .map((id) => `${id} is blocked: the cluster cannot recover it`),
    ]),
  ]
}

export const blockedIn = (status: ClusterStatus): string[] =>
  status.resources.filter(({ blocked }) => blocked).map(({ id }) => id)

function ofChange({ change, leaving, moving }: Expected, state: ClusterState): string[] {
  const { status, cib } = state
  switch (change.kind) {
    case 'standby':
    case 'unstandby': {
      const node = status.nodes.find(({ name }) => name === change.node)
      const wanted = change.kind === 'standby'
      if (node?.standby !== wanted) return [`${change.node} is ${wanted ? 'not' : 'still'} in standby`]
      if (!node.online) return []
      return wanted ? notLeft(status, change.node, leaving) : notReturned(status, change.node)
    }
    case 'move':
      return moving === undefined ? [] : notMoved(moving, status)
    case 'clear':
      return leftBehind(cib)
        .filter((one) => isMoveOf(one, change.resource))
        .map(({ id }) => `${id} is still there`)
    case 'cleanup': {
      const { failures, counts } = onRecord(change, state)
      return [
        ...counts.map((one) => `${failCountText(one)} on ${one.node}`),
        ...failures.map(({ operation, status: said }) => `${operation}: ${said}`),
      ]
    }
    case 'maintenance': {
      const { node, resource, on } = change
      const is =
        node === undefined
          ? resource === undefined
            ? isClusterHeld(state)
            : isHeld(state, resource)
          : status.nodes.some(({ name, maintenance }) => name === node && maintenance)
      const what = node ?? resource ?? 'the cluster'
      return is === on ? [] : [`${what} is ${on ? 'not' : 'still'} in maintenance`]
    }
  }
}

function notMoved({ resource, members, from, to, promoted }: Moving, status: ClusterStatus): string[] {
  const instances = status.resources.filter(({ id }) => members.has(id))
  const places = placesOf(
    instances.filter(({ pending, failed }) => !failed && (pending === undefined || pending === 'Monitoring')),
    promoted,
  )
  const isThere =
    to === undefined
      ? places.length > 0 && places.every((place) => !from.includes(place))
      : places.length === 1 && places[0] === to
  if (isThere) return []
  const where = places.length === 0 ? 'nowhere' : `on ${places.join(', ')}`
  return [`${resource} ${promoted ? 'is promoted' : 'runs'} ${where}, not on ${to ?? 'another node'}`]
}
