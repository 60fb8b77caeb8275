import { defineRole } from 'bringup'
import { awaitLinks, awaitOnline } from '../pcs_cluster/await.ts'
import { chart } from './chart.ts'
import { giveKey } from './give_key.ts'
import { leavePackaged } from './leave_packaged.ts'
import { reloadAll } from './reload.ts'
import { restartInTurn } from './restart.ts'
import { startAll, stopAll } from './units.ts'
import { corosyncVars } from './vars.ts'
import { writeConf } from './write.ts'

export default defineRole({
  summary: 'The nodes are one corosync and Pacemaker cluster, by a file made of the vars; all links connect',
  peers: true,
  vars: corosyncVars,

  async run({ nodes, peers, vars, check }) {
    const { course, running, all, ...target } = await chart(nodes, peers, vars, check)
    for (const line of course.told) nodes.first.note(line)
    await nodes.named(...course.fresh).each(leavePackaged)
    if (course.stop) await stopAll(nodes)
    // Before the file, which corosync tests together with it.
    await giveKey(nodes, peers, course.key)
    await nodes.each((node) => writeConf(node, target.conf(node.name)))
    // Before others start: they would not hear those that still run as before.
    if (course.reload) await reloadAll(nodes.named(...running), course.inTurn, { ...target, check })
    await startAll(nodes)
    await restartInTurn(nodes.named(...course.inTurn), all, { ...target, check })
    if (check) return
    const { cluster_start_timeout: timeout } = vars
    await awaitOnline(nodes.first, nodes.names, timeout)
    await nodes.each((node) => awaitLinks(node, timeout))
  },
})
