import { BringupError } from 'bringup'
import { groupMembers } from '../../src/pacemaker/cib/schema.ts'
import type { DrillApacheVars } from './vars.ts'

/** What is drilled, as the inventory declares it. */
export interface Targets {
  /** Ids of Apache, of its address, and of the group that holds both. */
  readonly apache: string
  readonly vip: string
  readonly group: string
  readonly address: string
  /** What is asked for: `/`, or the page with the name of the node. */
  readonly path: string
  /** Whether that page is the name of the node that answers. */
  readonly namesNode: boolean
  readonly threshold: number
  /** The hosts that have to answer pings, and the node attribute that tells; null where none are declared. */
  readonly ping: { readonly hosts: readonly string[]; readonly attribute: string } | null
}

type Declared = Pick<
  DrillApacheVars,
  'cluster_resources' | 'cluster_groups' | 'cluster_resource_defaults' | 'apache_node_page'
>

/** @throws BringupError VAR_INVALID where there is no such pair, or failures are not counted as the drill foretells */
export function drillTargets(vars: Declared): Targets {
  const { cluster_resources: resources, cluster_groups: groups, cluster_resource_defaults: defaults } = vars
  const members = groupMembers({ resources, groups })
  const apache = resources.find(({ agent }) => agent === 'ocf:heartbeat:apache')
  const [group, ids] = [...members].find(([, list]) => apache !== undefined && list.includes(apache.id)) ?? []
  const vip = resources.find(({ id, agent }) => agent === 'ocf:heartbeat:IPaddr2' && ids?.includes(id))
  const address = vip?.options['ip']
  if (apache === undefined || group === undefined || vip === undefined || typeof address !== 'string')
    throw invalid(
      'cluster_resources has no group of an ocf:heartbeat:apache and an ocf:heartbeat:IPaddr2',
      'Name both in a group of cluster_groups, as in inventory/apache.example.yml.',
    )
  const threshold = Number(meta(apache.meta, defaults, 'migration-threshold'))
  if (!Number.isInteger(threshold) || threshold < 2)
    throw invalid(
      `migration-threshold of ${apache.id} is not a number above 1`,
      'Set migration-threshold: 3 in cluster_resource_defaults.',
    )
  if (meta(apache.meta, defaults, 'resource-stickiness') !== 'INFINITY')
    throw invalid(
      `${apache.id} may move back by itself: its resource-stickiness is not INFINITY`,
      'Set resource-stickiness: INFINITY in cluster_resource_defaults.',
    )
  if ((meta(apache.meta, defaults, 'failure-timeout') ?? null) !== null)
    throw invalid(
      `failures of ${apache.id} are forgotten after a time (failure-timeout), perhaps in the middle of a trial`,
      'Drill without failure-timeout, or not at all.',
    )
  return {
    apache: apache.id,
    vip: vip.id,
    group,
    address,
    path: vars.apache_node_page ?? '/',
    namesNode: vars.apache_node_page !== undefined,
    threshold,
    ping: pingOf(resources),
  }
}

function pingOf(resources: Declared['cluster_resources']): Targets['ping'] {
  const options = resources.find(({ agent }) => agent === 'ocf:pacemaker:ping')?.options
  const hosts = options?.['host_list']
  if (typeof hosts !== 'string') return null
  const name = options?.['name']
  return { hosts: hosts.trim().split(/\s+/), attribute: typeof name === 'string' ? name : 'pingd' }
}

const meta = (own: Declared['cluster_resource_defaults'], defaults: typeof own, name: string): unknown =>
  own[name] ?? defaults[name]

const invalid = (message: string, remedy: string): BringupError =>
  new BringupError('VAR_INVALID', message, { remedy })
