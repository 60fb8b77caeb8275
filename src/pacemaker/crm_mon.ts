import { role } from './cib/meaning.ts'
import { child, elements, parseXml, textOf } from './xml.ts'
import type { XmlElement } from './xml.ts'

export interface NodeStatus {
  readonly name: string
  readonly id: string
  readonly online: boolean
  readonly standby: boolean
  readonly maintenance: boolean
  /** Joined the cluster's membership, but pacemaker on it does not take part yet. */
  readonly pending: boolean
  /** The cluster does not know what runs there, and fences it if it can. */
  readonly unclean: boolean
  readonly isDc: boolean
  readonly type: string
  /** False where corosync sees the node and pacemaker on it is not there. */
  readonly expectedUp: boolean
  readonly resourcesRunning: number
}

/** One primitive, or one instance of a cloned one. */
export interface ResourceStatus {
  readonly id: string
  /** `ocf:heartbeat:IPaddr2` */
  readonly agent: string
  /** Started, Stopped, Promoted, Unpromoted, Starting, … ; the old words are translated. */
  readonly role: string
  /** Where somebody set it: `Stopped` for a resource that was disabled. */
  readonly targetRole: string | undefined
  readonly active: boolean
  readonly failed: boolean
  /** Failed, and cannot be recovered. */
  readonly blocked: boolean
  readonly managed: boolean
  readonly orphaned: boolean
  /** What is being done with it now, as `Starting`; undefined when nothing is. */
  readonly pending: string | undefined
  readonly nodes: readonly string[]
  readonly group: string | undefined
  readonly clone: string | undefined
}

export interface Failure {
  /** `vip_start_0 on server1` */
  readonly operation: string
  readonly node: string
  /** The resource, without the number of a clone's instance. */
  readonly resource: string
  /** `not installed`, `error`, … */
  readonly status: string
  readonly reason: string
  readonly when: string
}

export interface FencingAction {
  readonly target: string
  readonly action: string
  /** `success`, `failed`, or what is under way (`pending`). */
  readonly status: string
  readonly completed: string | undefined
}

export interface ClusterStatus {
  /** undefined while none is elected. */
  readonly dc: string | undefined
  readonly quorate: boolean
  /** `2.1.5-a3f44794f94`, as the DC says. */
  readonly version: string | undefined
  readonly maintenance: boolean
  readonly fencingEnabled: boolean
  readonly nodes: readonly NodeStatus[]
  readonly resources: readonly ResourceStatus[]
  readonly failures: readonly Failure[]
  readonly fencing: readonly FencingAction[]
  /** Constraints that forbid a resource a node (score -INFINITY), as `crm_resource --ban` leaves. */
  readonly bans: readonly { id: string; resource: string; node: string }[]
}

/**
 * What prints what {@link parseCrmMon} reads, inactive resources too, in words of sh: newer ones first. One document:
 * pacemaker 3.0 prints one with the reason where the first fails, as it does while a node starts.
 * @param more options of crm_mon besides
 */
export function crmMon(more = ''): string {
  const ask = `crm_mon -1 -r ${more}`
  return `out=$(${ask} --output-as=xml 2>/dev/null) || out=$(${ask} --as-xml) || exit; printf "%s\\n" "$out"`
}

export const CRM_MON = crmMon()

/**
 * Reads crm_mon's XML, as {@link CRM_MON} prints it: `--output-as=xml` (pacemaker 2.0.3 on, root `pacemaker-result`) or
 * `-X`/`--as-xml` (root `crm_mon`).
 */
export function parseCrmMon(text: string): ClusterStatus {
  const root = parseXml(text, 'crm_mon')
  const summary = child(root, 'summary')
  const dc = child(summary, 'current_dc')?.attributes
  const options = child(summary, 'cluster_options')?.attributes
  const flag = (value: string | undefined) => value === 'true'
  return {
    dc: dc?.present === 'true' ? dc.name : undefined,
    quorate: flag(dc?.with_quorum),
    version: dc?.version,
    maintenance: flag(options?.['maintenance-mode']),
    fencingEnabled: flag(options?.['fencing-enabled'] ?? options?.['stonith-enabled']),
    nodes: listed(root, 'nodes', 'node').map(({ attributes: node }) => ({
      name: node.name ?? '',
      id: node.id ?? '',
      online: flag(node.online),
      standby: flag(node.standby) || flag(node.standby_onfail),
      maintenance: flag(node.maintenance),
      pending: flag(node.pending),
      unclean: flag(node.unclean),
      isDc: flag(node.is_dc),
      type: node.type ?? 'member',
      expectedUp: flag(node.expected_up),
      resourcesRunning: Number(node.resources_running ?? 0),
    })),
    resources: resourcesOf(child(root, 'resources'), {}),
    failures: listed(root, 'failures', 'failure').map(failureOf),
    fencing: listed(root, 'fence_history', 'fence_event').map(({ attributes: event }) => ({
      target: event.target ?? '',
      action: event.action ?? '',
      status: event.status ?? event.state ?? '',
      completed: event.completed,
    })),
    bans: listed(root, 'bans', 'ban').map(({ attributes: ban }) => ({
      id: ban.id ?? '',
      resource: ban.resource ?? '',
      node: ban.node ?? '',
    })),
  }
}

function listed(root: XmlElement, list: string, item: string): XmlElement[] {
  const found = child(root, list)
  return found === undefined ? [] : elements(found, item)
}

function resourcesOf(
  parent: XmlElement | undefined,
  inside: { group?: string | undefined; clone?: string | undefined },
): ResourceStatus[] {
  if (parent === undefined) return []
  return elements(parent).flatMap((node): ResourceStatus[] => {
    const { id = '' } = node.attributes
    if (node.name === 'group') return resourcesOf(node, { ...inside, group: id.replace(/:\d+$/, '') })
    if (node.name === 'clone' || node.name === 'bundle') return resourcesOf(node, { ...inside, clone: id })
    if (node.name === 'replica') return resourcesOf(node, inside)
    return node.name === 'resource' ? [resourceOf(node, inside)] : []
  })
}

function resourceOf(
  node: XmlElement,
  { group, clone }: { group?: string | undefined; clone?: string | undefined },
): ResourceStatus {
  const { attributes } = node
  const flag = (name: string) => attributes[name] === 'true'
  return {
    id: (attributes.id ?? '').replace(/:\d+$/, ''),
    agent: (attributes.resource_agent ?? '').replace('::', ':'),
    role: role(attributes.role),
    targetRole: attributes.target_role === undefined ? undefined : role(attributes.target_role),
    active: flag('active'),
    failed: flag('failed'),
    blocked: flag('blocked'),
    managed: flag('managed'),
    orphaned: flag('orphaned') || flag('removed'),
    pending: attributes.pending,
    nodes: elements(node, 'node').map((one) => one.attributes.name ?? ''),
    group,
    clone,
  }
}

function failureOf(node: XmlElement): Failure {
  const { op_key: key = '', node: host = '', exitstatus = '', exitreason, status } = node.attributes
  // RESOURCE_ACTION_INTERVAL, where a resource's id and the actions migrate_from and migrate_to have underscores too.
  const resource = key.replace(/_(migrate_from|migrate_to|[a-z-]+)_\d+$/, '').replace(/:\d+$/, '')
  return {
    operation: `${key} on ${host}`,
    node: host,
    resource,
    status: exitstatus === '' ? (status ?? '') : exitstatus,
    reason: onceMore(exitreason ?? textOf(node).trim()),
    when: node.attributes['last-rc-change'] ?? '',
  }
}

/** Pacemaker 2 escapes an exit reason twice: `Couldn&amp;apos;t mount`. */
const onceMore = (text: string): string =>
  text.replace(/&(apos|quot|lt|gt|amp);/g, (_, name: string) => ENTITIES[name] ?? '')

const ENTITIES: Readonly<Record<string, string>> = { apos: "'", quot: '"', lt: '<', gt: '>', amp: '&' }
