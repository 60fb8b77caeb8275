import { leftBehind } from '../../pacemaker/left_behind.ts'
import type { LeftBehind } from '../../pacemaker/left_behind.ts'
import { allFailCounts, failCountText } from '../planned/fail_counts.ts'
import { allResources } from '../../pacemaker/cib/resource_tree.ts'
import { sectionOf } from '../../pacemaker/cib/sections.ts'
import { child, element } from '../../pacemaker/xml.ts'
import type { ClusterState } from './change.ts'
import { isClusterHeld, isHeld } from './plan.ts'
import { isOver } from './plan_move.ts'

/** Something that an operator put into a cluster, or that a failure left there, and that stays until it is taken away. */
export interface Remains {
  readonly text: string
  /** What takes it away: words of `bringup cluster`. */
  readonly next?: readonly string[]
}

/** Pure: all that stays in a cluster, whoever put it there. */
export function remainsIn(state: ClusterState, now: Date): Remains[] {
  const { status, cib } = state
  const counts = Map.groupBy(allFailCounts(cib), ({ resource }) => resource)
  const resources = sectionOf(child(cib, 'configuration') ?? element('configuration'), 'resources')
  const held = allResources(resources).flatMap(({ attributes: { id = '' } }) =>
    isHeld(state, id) ? [id] : [],
  )
  return [
    ...leftBehind(cib).map((one) => constraintText(one, now)),
    ...[...counts].map(([resource, all]) => ({
      text: `failures are counted: ${all.map((one) => `${failCountText(one)} on ${one.node}`).join(', ')}`,
      next: ['cleanup', resource],
    })),
    ...status.nodes.flatMap(({ name, standby }) =>
      standby ? [{ text: `${name} is in standby: nothing runs there`, next: ['unstandby', name] }] : [],
    ),
    ...(isClusterHeld(state)
      ? [
          {
            text: 'the cluster is in maintenance: nothing is watched or recovered',
            next: ['maintenance', 'off'],
          },
        ]
      : status.nodes.flatMap(({ name, maintenance }) =>
          maintenance
            ? [
                {
                  text: `${name} is in maintenance: nothing there is watched or recovered`,
                  next: ['maintenance', 'off', '--node', name],
                },
              ]
            : [],
        )),
    ...held.map((id) => ({
      text: `${id} is in maintenance: it is not watched or recovered`,
      next: ['maintenance', 'off', '--resource', id],
    })),
  ]
}

function constraintText(
  { id, kind, resource, node = 'some nodes', role, ends }: LeftBehind,
  now: Date,
): Remains {
  if (kind === 'fence')
    return { text: `${id} keeps ${resource} from being promoted; DRBD takes it away once it is in step` }
  const what = role === undefined ? resource : `the promoted instance of ${resource}`
  const does = kind === 'ban' ? `keeps ${what} off ${node}` : `draws ${what} to ${node}`
  const until =
    ends === undefined
      ? does
      : isOver(ends, now)
        ? `no longer ${does}: its time was over at ${time(ends)}`
        : `${does} until ${time(ends)}`
  return { text: `${id} ${until}`, next: ['clear', resource] }
}

/** `2026-11-22T06:40:00Z` */
const time = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')
