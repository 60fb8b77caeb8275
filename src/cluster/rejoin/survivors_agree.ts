import { isDeepStrictEqual } from 'node:util'
import type { CorosyncCluster } from '../../pacemaker/corosync/cluster.ts'
import type { ClusterWanted } from '../../pacemaker/corosync/cluster_schema.ts'
import type { HostView } from './host_view.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'

/** What all survivors say alike. */
export interface SurvivingCluster {
  readonly conf: CorosyncCluster
  readonly authkey: string | undefined
}

/**
 * Whether the survivors are one cluster that works and is the one that is meant: the same corosync.conf and key on all,
 * all online in the eyes of each, with a DC and quorum.
 */
export function survivorsAgree(
  wanted: Pick<ClusterWanted, 'cluster_name'>,
  survivors: readonly HostView[],
): SurvivingCluster | Refusal {
  const [first] = survivors
  if (first === undefined)
    return refuse(
      'no other node of the cluster takes part, whose cluster the node could join',
      'Name just the node that is rebuilt (--limit NODE), and have the others in the inventory. Where no node is left, install the cluster anew.',
    )
  for (const { host, self, conf, runs } of survivors) {
    if (conf === undefined)
      return refuse(
        `${host} is in no cluster: it has no corosync.conf`,
        `A node is rebuilt from others that work. If ${host} is the one that was lost, rebuild that one.`,
      )
    if (!runs.pacemaker)
      return refuse(
        `Pacemaker does not run on ${host}`,
        `See why: journalctl -u corosync -u pacemaker on ${host}. The nodes that are left have to work before another one joins.`,
      )
    if (self !== undefined && self !== host)
      return refuse(
        `the machine that the inventory has as ${host} is ${self} in its cluster`,
        'Are hosts of the inventory mixed up? Correct their addresses.',
      )
  }
  const { conf, authkey } = first
  if (conf === undefined) return refuse(`${first.host} is in no cluster`, '')
  for (const { host, conf: other, authkey: key } of survivors) {
    if (!isDeepStrictEqual(other, conf))
      return refuse(
        `corosync.conf is not the same on ${first.host} and ${host}`,
        'Compare the two files. pcs cluster sync, run on the node that has the right one, gives it to the others.',
      )
    if (key !== authkey)
      return refuse(
        `${first.host} and ${host} have different keys in /etc/corosync/authkey`,
        'The next restart of one of them would part them. Give both the same key, one node after the other.',
      )
  }
  if (conf.name !== wanted.cluster_name)
    return refuse(
      `${first.host} is in the cluster ${conf.name || '(without a name)'}, and the inventory's is ${wanted.cluster_name}`,
      'Take the inventory of this cluster, or correct cluster_name.',
    )
  return unlike(survivors) ?? { conf, authkey }
}

function unlike(survivors: readonly HostView[]): Refusal | undefined {
  for (const { host, status } of survivors) {
    if (status?.dc === undefined)
      return refuse(
        `${host} knows of no DC: nobody decides what runs where`,
        'Run it again in half a minute: one is elected after a start. If none is, see journalctl -u pacemaker.',
      )
    if (!status.quorate)
      return refuse(
        `${host} has no quorum`,
        'corosync-quorumtool -s says whose votes are missing. After a start, a cluster of two waits for both (wait_for_all): only where it is sure that the other node is off, pcs quorum unblock.',
      )
    const missing = survivors.find(
      (one) => !status.nodes.some(({ name, online, pending }) => name === one.host && online && !pending),
    )
    if (missing !== undefined)
      return refuse(
        `${host} does not see ${missing.host} online`,
        'The nodes that are left have to be one cluster before another one joins: mend the network between them, or start what is down.',
      )
  }
  return undefined
}
