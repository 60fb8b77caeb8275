import type { HostView } from '../../../../src/cluster/rejoin/host_view.ts'
import { clusterOf } from '../../../../src/pacemaker/corosync/cluster.ts'
import type { CorosyncCluster } from '../../../../src/pacemaker/corosync/cluster.ts'
import { parseConf } from '../../../../src/pacemaker/corosync/conf.ts'
import { parseCrmMon } from '../../../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus, NodeStatus } from '../../../../src/pacemaker/crm_mon.ts'

export interface Listed {
  readonly name: string
  readonly address: string
}

/** A corosync.conf of these nodes, as pcs writes it. */
export function confOf(nodes: readonly Listed[], name = 'lab'): CorosyncCluster {
  const list = nodes.map(
    (node, index) => `node {\nring0_addr: ${node.address}\nname: ${node.name}\nnodeid: ${index + 1}\n}`,
  )
  return clusterOf(
    parseConf(`totem {\ncluster_name: ${name}\ntransport: knet\n}\nnodelist {\n${list.join('\n')}\n}`),
  )
}

const EMPTY = parseCrmMon('<pacemaker-result/>')

/** What crm_mon says where `online` are, of all that are listed. */
export function statusOf(
  listed: readonly string[],
  online: readonly string[],
  more: Partial<ClusterStatus> & { unclean?: readonly string[] } = {},
): ClusterStatus {
  const { unclean = [], ...rest } = more
  return {
    ...EMPTY,
    dc: online[0],
    quorate: online.length * 2 > listed.length || listed.length === 2,
    nodes: listed.map((name, index): NodeStatus => ({
      name,
      id: String(index + 1),
      online: online.includes(name),
      standby: false,
      maintenance: false,
      pending: false,
      unclean: unclean.includes(name),
      isDc: name === online[0],
      type: 'member',
      expectedUp: online.includes(name),
      resourcesRunning: 0,
    })),
    ...rest,
  }
}

/** A machine without anything of a cluster. */
export const blank = (host: string): HostView => ({
  host,
  self: undefined,
  conf: undefined,
  authkey: undefined,
  runs: { corosync: false, pacemaker: false },
  status: undefined,
  held: false,
})

/** A member that runs. */
export const working = (host: string, conf: CorosyncCluster, status: ClusterStatus): HostView => ({
  host,
  self: host,
  conf,
  authkey: 'key of lab',
  runs: { corosync: true, pacemaker: true },
  status,
  held: false,
})

/** One that has all files, and does not run. */
export const stopped = (host: string, conf: CorosyncCluster): HostView => ({
  ...blank(host),
  conf,
  authkey: 'key of lab',
})
