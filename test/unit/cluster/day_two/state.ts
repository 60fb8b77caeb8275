import type { ClusterState } from '../../../../src/cluster/day_two/change.ts'
import type { QuorumStatus } from '../../../../src/pacemaker/corosync/status.ts'
import { parseCrmMon } from '../../../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus, NodeStatus } from '../../../../src/pacemaker/crm_mon.ts'
import { fixture, pcsCib } from '../../pacemaker/fixture.ts'

/** Of three nodes with a vote each. */
export const QUORUM: QuorumStatus = {
  quorate: true,
  expectedVotes: 3,
  totalVotes: 3,
  quorum: 2,
  flags: [],
  members: [1, 2, 3].map((id) => ({ id, votes: 1, name: `server${id}`, local: id === 1 })),
}

/**
 * Three nodes of Pacemaker 2.1.5: `vip` on server1 (banned from server2 by `--ban`), the group `webgrp` and the promoted
 * `db` on server2, the clone `pinger` everywhere, `off` disabled, the fence device `f1` on server3.
 */
export function stateOf(
  more: Partial<ClusterStatus> = {},
  nodes: Readonly<Record<string, Partial<NodeStatus>>> = {},
): ClusterState {
  const status = parseCrmMon(fixture('pacemaker-2.1.5/crm_mon.xml'))
  return {
    cib: pcsCib('2.1.5'),
    quorum: QUORUM,
    status: {
      ...status,
      ...more,
      nodes: status.nodes.map((node) => ({ ...node, ...nodes[node.name] })),
    },
  }
}
