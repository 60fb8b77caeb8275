import type { Remote } from '../../connection/remote.ts'
import { runScript } from '../../operations/host_script.ts'
import { parseQuorumStatus } from '../../pacemaker/corosync/status.ts'
import { parseCrmMon } from '../../pacemaker/crm_mon.ts'
import { queryCluster } from '../read_cib.ts'
import type { ClusterState } from './change.ts'

/**
 * The cluster as one node has it, once it has a DC.
 * @throws BringupError COMMAND_FAILED where it does not run there, TIMEOUT where it elects no DC
 */
export async function readState(remote: Remote, signal: AbortSignal): Promise<ClusterState> {
  const [found, votes] = await Promise.all([
    queryCluster({ host: remote.host, remote, check: false, signal }),
    runScript({ remote }, 'corosync-quorumtool -s', []),
  ])
  // Undefined in check mode alone, which this is not.
  const { cib, monitor } = found!
  return { cib, status: parseCrmMon(monitor), quorum: parseQuorumStatus(votes.stdout.toString()) }
}
