import type { Node, Nodes } from 'bringup'
import { membershipPlan, replacedMember } from '../../src/cluster/rejoin/membership.ts'
import type { MembershipPlan } from '../../src/cluster/rejoin/membership.ts'
import type { HostReport } from '../../src/cluster/status/host_report.ts'
import type { ClusterWanted } from '../../src/pacemaker/corosync/cluster_schema.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import { wantedCluster } from '../pcs_cluster/wanted.ts'
import { requireGone } from './gone.ts'
import { lookAt } from './look.ts'
import type { Seen } from './look.ts'
import type { ClusterRejoinVars } from './vars.ts'

type Hosts = Nodes<ClusterRejoinVars>

export interface FoundPlan {
  readonly plan: Exclude<MembershipPlan, { do: 'refuse' }>
  readonly wanted: ClusterWanted
  readonly report: HostReport
  /** The member whose place is taken; null where that is nobody. */
  readonly gone: string | null
  /** By what it is proven that nothing of that one runs. */
  readonly proof: string | undefined
}

/**
 * How the node becomes a member again, from what all nodes say now; nothing is changed.
 * @throws BringupError REFUSED with the fact that forbids it
 */
export async function findPlan(nodes: Hosts, peers: Hosts, vars: ClusterRejoinVars): Promise<FoundPlan> {
  await oneNode(nodes)
  const node = nodes.first
  const wanted = wantedCluster([...nodes, ...peers], vars)
  const { view: target, report } = await onceSettled(node)
  const survivors = (await peers.map(lookAt)).map(({ view }) => view)
  const plan = membershipPlan({ wanted, target, survivors })
  await node.require(
    `${node.name} can be a member of ${vars.cluster_name}`,
    async () => plan.do !== 'refuse' || plan.seen,
    plan.do === 'refuse' ? plan.remedy : '',
  )
  const gone = replacedMember(plan, node.name, survivors)
  const proof =
    gone === null
      ? undefined
      : await requireGone(peers.first, { gone, target, survivors, word: vars.dead_node })
  return { plan: plan as FoundPlan['plan'], wanted, report, gone, proof }
}

/** A node that has just booted runs, and is not seen by the others yet; until it has a DC, it knows of no cluster itself. */
async function onceSettled(node: Node<ClusterRejoinVars>): Promise<Seen> {
  const first = await lookAt(node)
  const { runs, status } = first.view
  if (!runs.pacemaker || status?.dc !== undefined) return first
  await node.wait_for({
    condition: async ({ $ }) => {
      const { exitCode, stdout } = await $.read({ nothrow: true })`sh -c ${CRM_MON}`
      if (exitCode !== 0) return 'its Pacemaker does not answer'
      return parseCrmMon(stdout).dc !== undefined || 'its cluster has no DC'
    },
    description: `${node.name} has found its cluster, or is alone`,
    timeout: node.vars.cluster_start_timeout,
  })
  return lookAt(node)
}

/** Two that join at once could outvote, or be taken for, one another. */
async function oneNode(nodes: Hosts): Promise<void> {
  const { names, first } = nodes
  await first.require(
    'one node is rebuilt at a time',
    async () => names.length === 1 || `the run is about ${names.join(' and ')}`,
    `Name the one: --limit ${first.name}`,
  )
}
