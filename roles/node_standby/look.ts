import type { Node } from 'bringup'
import { queryCluster } from '../../src/cluster/read_cib.ts'
import { simulate } from '../../src/cluster/simulate.ts'
import { withStandby } from '../../src/pacemaker/cib/edit.ts'
import { parseQuorumStatus } from '../../src/pacemaker/corosync/status.ts'
import type { QuorumStatus } from '../../src/pacemaker/corosync/status.ts'
import { parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../src/pacemaker/crm_mon.ts'
import type { PlannedAction } from '../../src/pacemaker/crm_simulate.ts'
import { leftBehind } from '../../src/pacemaker/left_behind.ts'
import type { LeftBehind } from '../../src/pacemaker/left_behind.ts'

/** The cluster as it is, and what it would do with a node in standby. */
export interface Outlook {
  readonly status: ClusterStatus
  readonly actions: readonly PlannedAction[]
  /** Constraints that somebody put there for a while. */
  readonly constraints: readonly LeftBehind[]
  readonly quorum: QuorumStatus
}

/**
 * @param via a node of the cluster that is asked
 * @param name the node that is to be in standby
 * @throws BringupError COMMAND_FAILED where the cluster does not run there
 */
export async function lookAhead<V>(via: Node<V>, name: string): Promise<Outlook> {
  const seen: Outlook[] = []
  await via.require(
    `what becomes of it without ${name}`,
    async (context) => {
      const found = await queryCluster(context)
      if (found === undefined) return 'no cluster runs here'
      const status = parseCrmMon(found.monitor)
      const simulated = await simulate(context, withStandby(found.cib, name))
      if ('wrong' in simulated) return simulated.wrong
      const { actions } = simulated
      const votes = await context.$.read({ nothrow: true })`corosync-quorumtool -s`
      const quorum = parseQuorumStatus(votes.stdout)
      seen.push({ status, actions, constraints: leftBehind(found.cib), quorum })
      return true
    },
    'See crm_mon -1 and crm_verify -LV there.',
  )
  return seen[0]!
}
