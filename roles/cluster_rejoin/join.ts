import type { Node, Nodes } from 'bringup'
import { standbyStart } from '../../src/cluster/rejoin/standby_start.ts'
import { parseConf, sections, value } from '../../src/pacemaker/corosync/conf.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import { awaitLinks } from '../pcs_cluster/await.ts'
import { feedable } from '../watchdog/feedable.ts'
import { CONF, KEY } from './files.ts'
import type { ClusterRejoinVars } from './vars.ts'

type Member = Node<ClusterRejoinVars>

interface Joining {
  readonly peers: Nodes<ClusterRejoinVars>
  readonly via: Member
  readonly check: boolean
}

/** Starts the node's daemons, so that it joins in standby, and waits until the others have it, on all links. */
export async function join(node: Member, { peers, via, check }: Joining): Promise<void> {
  // In check mode the node may not have the file yet, which is the survivor's then.
  const conf = (await node.readText(CONF)) ?? (await via.readText(CONF)) ?? ''
  const feeds = sections(parseConf(conf), 'resources').some(
    (section) => value(section, 'watchdog_device') !== undefined,
  )
  // corosync opens it as it starts, and never later.
  if (feeds) await feedable(node)
  await node.dropin(standbyStart)
  await Promise.all(['corosync', 'pacemaker'].map((name) => node.service({ name, enabled: true })))
  if (!check) await sameKey(node, via)
  await node.task('it runs, as a member that is in standby', {
    met: async ({ $ }) => {
      const { exitCode } = await $.read({ nothrow: true })`systemctl is-active --quiet pacemaker`
      return exitCode === 0 || 'start corosync and Pacemaker'
    },
    // One by one: Pacemaker that comes up before corosync has its key and file read would be started anew.
    apply: ({ $ }) => $`sh -c 'systemctl start corosync && systemctl start pacemaker'`,
  })
  if (check) return
  const { cluster_start_timeout: timeout } = node.vars
  await via.wait_for({
    condition: async ({ $ }) => {
      const { exitCode, stdout } = await $.read({ nothrow: true })`sh -c ${CRM_MON}`
      if (exitCode !== 0) return 'the cluster does not answer'
      const seen = parseCrmMon(stdout).nodes.find(({ name }) => name === node.name)
      if (seen === undefined || !seen.online) return 'it is offline'
      if (seen.pending) return 'it is joining'
      return seen.standby || 'it is not in standby'
    },
    description: `${node.name} online, in standby`,
    timeout,
  })
  await node.wait_for({
    condition: async ({ $ }) =>
      (await $.read({ nothrow: true })`crm_mon -1`).exitCode === 0 || 'its Pacemaker does not answer',
    description: 'its Pacemaker answers',
    timeout,
  })
  await Promise.all([awaitLinks(node, timeout), peers.each((peer) => awaitLinks(peer, timeout))])
}

/** A node with another key would make a cluster of its own, and the others would not even tell why it is missing. */
async function sameKey(node: Member, via: Member): Promise<void> {
  const [theirs, its] = await Promise.all(
    [via, node].map(async (one) => (await one.$.read({ nothrow: true })`sha256sum ${KEY}`).stdout),
  )
  await node.require(
    "it has the cluster's key",
    async () => its === theirs || `another one is in ${KEY}`,
    'Run this again: the key is given to it anew.',
  )
}
