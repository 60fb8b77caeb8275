import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { withWatchdog } from '../../src/pacemaker/corosync/watchdog.ts'
import { feedable } from './feedable.ts'
import { takeOver } from './take_over.ts'
import { watchdogVars } from './vars.ts'
import type { WatchdogVars } from './vars.ts'

const CONF = '/etc/corosync/corosync.conf'

export default defineRole({
  summary: 'A node whose corosync hangs or dies is reset by its watchdog',
  vars: watchdogVars,

  async run({ nodes, warn, check }) {
    await nodes.each(prepare)
    if (check) return
    const watched = nodes.where((node) => node.vars.watchdog_module !== 'none')
    // One after the other, so that the cluster is never without a member because of this.
    await watched.inTurn((node) => takeOver(node, warn))
  },
})

async function prepare(node: Node<WatchdogVars>): Promise<void> {
  await feedable(node)
  if (node.vars.watchdog_module === 'none') return
  const conf = await node.readText(CONF)
  if (conf === null)
    return node.skip('corosync feeds it', `there is no ${CONF} yet: play pcs_cluster or corosync before`)
  await node.file({
    path: CONF,
    content: withWatchdog(conf, { device: '/dev/watchdog', timeout: node.vars.watchdog_margin }),
  })
}
