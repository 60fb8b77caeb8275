import type { Node, Nodes } from 'bringup'
import { clusterOf } from '../../src/pacemaker/corosync/cluster.ts'
import type { ClusterNode } from '../../src/pacemaker/corosync/cluster_schema.ts'
import { parseConf } from '../../src/pacemaker/corosync/conf.ts'
import { parseLiveNodes, sameNodes } from '../../src/pacemaker/corosync/live_nodes.ts'
import { withNodeReplaced } from '../../src/pacemaker/corosync/replace_node.ts'
import { statusOf } from '../drill_failover/health.ts'
import { CONF } from './files.ts'
import type { ClusterRejoinVars } from './vars.ts'

type Members = Nodes<ClusterRejoinVars>
type Member = Node<ClusterRejoinVars>

/**
 * Writes a node of another name in the place of the dead one into corosync.conf of all survivors. Not by pcs, which gives
 * the new one the id of the old: see withNodeReplaced.
 */
export async function writeRenamed(peers: Members, remove: string, add: ClusterNode): Promise<void> {
  const [address] = add.addresses
  await peers.each(async (peer) => {
    if (address !== undefined) await peer.hosts_entries({ entries: [{ address, names: [add.name] }] })
    const text = await peer.readText(CONF)
    if (text !== null) await peer.file({ path: CONF, content: withNodeReplaced(text, remove, add) })
  })
}

/** The survivors' corosync runs with what its file says. */
export async function reload(via: Member): Promise<void> {
  await via.task('corosync knows its nodes', {
    met: async ({ $ }) => {
      const [file, live] = await Promise.all([
        $.read`cat ${CONF}`,
        $.read({ nothrow: true })`corosync-cmapctl nodelist.`,
      ])
      const listed = clusterOf(parseConf(file.stdout)).nodes
      return sameNodes(listed, parseLiveNodes(live.stdout)) || `reload ${CONF}`
    },
    apply: ({ $ }) => $`corosync-cfgtool -R`,
  })
}

/**
 * Pacemaker remembers nobody whom corosync.conf does not list. A controller does not forget by its own word, only by that
 * of another node, and until then puts the name back into the CIB: so this is also asked for by the node that has joined.
 */
export async function forgetOthers(by: Member): Promise<void> {
  const unlisted = async (): Promise<string[]> => {
    const listed = clusterOf(parseConf((await by.readText(CONF)) ?? '')).nodes
    const { nodes } = await statusOf(by)
    return nodes
      .filter(
        ({ name, type, online }) => type === 'member' && !online && !listed.some((one) => one.name === name),
      )
      .map(({ name }) => name)
  }
  await by.task('Pacemaker knows no other nodes', {
    met: async () => {
      const names = await unlisted()
      return names.length === 0 || `forget ${names.join(', ')}`
    },
    apply: async ({ $ }) => {
      for (const name of await unlisted()) await $`crm_node --force --remove ${name}`
    },
  })
}
