import { boolean } from '../../pacemaker/cib/meaning.ts'
import { readSets } from '../../pacemaker/cib/attribute_set.ts'
import {
  isMoveOf,
  withClusterMaintenance,
  withNodeMaintenance,
  withoutFailures,
  withoutMoves,
  withResourceMaintenance,
  withStandby,
} from '../../pacemaker/cib/edit.ts'
import { child } from '../../pacemaker/xml.ts'
import { leftBehind } from '../../pacemaker/left_behind.ts'
import { allFailCounts } from '../planned/fail_counts.ts'
import type { Change, ClusterState, Plan } from './change.ts'
import { nodeNamed, partOf, resourceNamed } from './names.ts'
import { movePlan } from './plan_move.ts'

/**
 * Pure: what a change comes to on this cluster, or that there is nothing to do.
 * @param now for what has ended
 * @throws BringupError REFUSED where the cluster knows no such node or resource, or it can not be moved
 */
export function planChange(change: Change, state: ClusterState, now: Date): Plan {
  switch (change.kind) {
    case 'standby':
    case 'unstandby':
      return standby(change.node, change.kind === 'standby', state)
    case 'move':
      return movePlan(change, state, now)
    case 'clear':
      return clear(change.resource, state)
    case 'cleanup':
      return cleanup(change, state)
    case 'maintenance':
      return maintenance(change, state)
  }
}

function standby(name: string, on: boolean, state: ClusterState): Plan {
  const node = nodeNamed(state, name)
  if (node.standby === on) return { met: `${name} is ${on ? 'in standby already' : 'not in standby'}` }
  const cib = withStandby(state.cib, name, on)
  const attribute = ['crm_attribute', '--node', name, '--name', 'standby']
  if (on) return { cib, commands: [[...attribute, '--update', 'on']] }
  // The one that lasts, and the one that only lasts until the node's next start.
  return {
    cib,
    commands: [
      [...attribute, '--delete'],
      [...attribute, '--lifetime', 'reboot', '--delete'],
    ],
  }
}

function clear(resource: string, state: ClusterState): Plan {
  resourceNamed(state, resource)
  if (!leftBehind(state.cib).some((one) => isMoveOf(one, resource)))
    return { met: `no move or ban of ${resource} has left a constraint` }
  return {
    cib: withoutMoves(state.cib, resource),
    commands: [['crm_resource', '--clear', '--resource', resource]],
  }
}

/** What is on record of failures, in the words of an operator's wish: of a resource, of a node, of all. */
export function onRecord(
  { resource, node }: { readonly resource: string | undefined; readonly node: string | undefined },
  state: ClusterState,
): { failures: ClusterState['status']['failures']; counts: ReturnType<typeof allFailCounts> } {
  if (node !== undefined) nodeNamed(state, node)
  const members = resource === undefined ? undefined : resourceNamed(state, resource).members
  const isMeant = (one: { readonly resource: string; readonly node: string }): boolean =>
    (members === undefined || members.has(one.resource)) && (node === undefined || one.node === node)
  return {
    failures: state.status.failures.filter(isMeant),
    counts: allFailCounts(state.cib).filter(isMeant),
  }
}

function cleanup(change: Extract<Change, { kind: 'cleanup' }>, state: ClusterState): Plan {
  const { resource, node } = change
  const { failures, counts } = onRecord(change, state)
  if (failures.length === 0 && counts.length === 0)
    return {
      met: `no failure${resource === undefined ? '' : ` of ${resource}`}${node === undefined ? '' : ` on ${node}`} is on record`,
    }
  const resources = resource === undefined ? undefined : resourceNamed(state, resource).members
  return {
    cib: withoutFailures(state.cib, { resources, node }),
    commands: [
      [
        'crm_resource',
        '--cleanup',
        ...(resource === undefined ? [] : ['--resource', resource]),
        ...(node === undefined ? [] : ['--node', node]),
      ],
    ],
  }
}

function maintenance(change: Extract<Change, { kind: 'maintenance' }>, state: ClusterState): Plan {
  const { on, node, resource } = change
  const word = (of: string): Plan => ({
    met: `${of} is ${on ? 'in maintenance already' : 'not in maintenance'}`,
  })
  const set = on ? ['--update', 'true'] : ['--delete']
  if (node !== undefined) {
    if (nodeNamed(state, node).maintenance === on) return word(node)
    return {
      cib: withNodeMaintenance(state.cib, node, on),
      commands: [['crm_attribute', '--node', node, '--name', 'maintenance', ...set]],
    }
  }
  if (resource !== undefined) {
    // Pacemaker would put it at the clone's meta attributes, whatever it was told.
    const { within } = resourceNamed(state, resource)
    if (within !== undefined && within.name !== 'group')
      throw partOf(
        resource,
        within,
        'and is in maintenance with it',
        `maintenance ${on ? 'on' : 'off'} --resource`,
      )
    if (isHeld(state, resource) === on) return word(resource)
    const value = on
      ? ['--set-parameter', 'maintenance', '--parameter-value', 'true']
      : ['--delete-parameter', 'maintenance']
    return {
      cib: withResourceMaintenance(state.cib, resource, on),
      commands: [['crm_resource', '--resource', resource, '--meta', ...value]],
    }
  }
  if (isClusterHeld(state) === on) return word('the cluster')
  return {
    cib: withClusterMaintenance(state.cib, on),
    commands: [['crm_attribute', '--name', 'maintenance-mode', ...set]],
  }
}

/** Whether a resource's own meta attribute has it in maintenance. */
export function isHeld(state: ClusterState, resource: string): boolean {
  const { node } = resourceNamed(state, resource)
  return boolean(readSets(node, 'meta_attributes').get('maintenance') ?? '') === true
}

/** Read of the CIB: crm_mon tells it in versions of its own. */
export function isClusterHeld({ cib }: Pick<ClusterState, 'cib'>): boolean {
  const properties = readSets(child(child(cib, 'configuration'), 'crm_config'), 'cluster_property_set')
  return boolean(properties.get('maintenance-mode') ?? '') === true
}
