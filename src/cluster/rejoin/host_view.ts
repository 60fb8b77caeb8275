import { isPlaceholder } from '../../pacemaker/corosync/cluster.ts'
import type { CorosyncCluster } from '../../pacemaker/corosync/cluster.ts'
import type { ClusterStatus } from '../../pacemaker/crm_mon.ts'
import type { HostReport } from '../status/host_report.ts'
import { isUp } from '../units_up.ts'

/** What decisions on a node's membership need to know of one host. */
export interface HostView {
  /** As the inventory calls it, which is the node's name in the cluster. */
  readonly host: string
  /** Which member its running corosync says that it is; undefined where it does not run, or does not say. */
  readonly self: string | undefined
  /** Its corosync.conf; undefined where it has none, or just the one that the distribution's package brings. */
  readonly conf: CorosyncCluster | undefined
  /** SHA-256 of /etc/corosync/authkey; undefined where there is none. */
  readonly authkey: string | undefined
  /** Whether they run, as members of a cluster: that of the distribution's package is nobody's. */
  readonly runs: { readonly corosync: boolean; readonly pacemaker: boolean }
  /** As its own Pacemaker sees the cluster. */
  readonly status: ClusterStatus | undefined
  /** Whether its Pacemaker is set to join in standby, as while it is rebuilt. */
  readonly held: boolean
}

/** The same from what `askHost` gathered, and from what only this asks for. */
export function hostView(
  report: Pick<HostReport, 'host' | 'conf' | 'links' | 'units' | 'monitor'>,
  { authkey, held }: Pick<HostView, 'authkey' | 'held'>,
): HostView {
  const isOurs = report.conf === undefined || !isPlaceholder(report.conf)
  const runs = (unit: string): boolean => isOurs && isUp(report.units[unit])
  return {
    host: report.host,
    self: isOurs ? report.conf?.nodes.find(({ id }) => id === report.links?.nodeId)?.name : undefined,
    conf: isOurs ? report.conf : undefined,
    authkey,
    runs: { corosync: runs('corosync'), pacemaker: runs('pacemaker') },
    status: isOurs ? report.monitor : undefined,
    held,
  }
}
