import type { Node } from 'bringup'
import type { ClusterRejoinVars } from './vars.ts'

export const CONF = '/etc/corosync/corosync.conf'
export const KEY = '/etc/corosync/authkey'
/** Only of clusters with remote nodes. */
const REMOTE_KEY = '/etc/pacemaker/authkey'

/**
 * Gives a node a survivor's keys and corosync.conf. The last of them is the one by which a run that died tells that it was
 * given all.
 */
export async function takeFiles(node: Node<ClusterRejoinVars>, from: Node<ClusterRejoinVars>): Promise<void> {
  const [key, remoteKey, conf] = await Promise.all([
    from.readSecret(KEY),
    from.readSecret(REMOTE_KEY),
    from.readText(CONF),
  ])
  if (remoteKey !== null) {
    const ours = { owner: 'hacluster', group: 'haclient' }
    await node.directory({ path: '/etc/pacemaker', mode: '0750', ...ours })
    await node.file({ path: REMOTE_KEY, content: remoteKey, mode: '0640', ...ours })
  }
  if (key !== null) await node.file({ path: KEY, content: key, mode: '0400' })
  if (conf !== null) await node.file({ path: CONF, content: conf, mode: '0644' })
}
