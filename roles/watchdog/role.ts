import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { withWatchdog } from '../../src/pacemaker/corosync/watchdog.ts'
import { chooseWatchdog } from './choose.ts'
import { readWatchdog } from './live.ts'
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
    // One after the other, so that the cluster is never without a member because of this.
    await nodes.inTurn((node) => takeOver(node, warn))
  },
})

async function prepare(node: Node<WatchdogVars>): Promise<void> {
  const { watchdog_module, watchdog_margin, watchdog_restart, watchdog_fail_fast } = node.vars
  const choice = chooseWatchdog(watchdog_module, await readWatchdog(node.$.read))
  await node.require(
    'one watchdog, that corosync can feed',
    async () => !('refuse' in choice) || choice.refuse,
    'refuse' in choice ? choice.remedy : '',
  )
  if ('refuse' in choice) return
  const { module, load } = choice
  if (load)
    await node.kernel_module({
      name: module,
      ...(module === 'softdog' ? { options: { soft_margin: watchdog_margin } } : {}),
    })
  else node.note(`its own watchdog is kept: ${module}`)
  await Promise.all([
    node.dropin({
      unit: 'corosync',
      name: 'watchdog',
      sections: {
        Service: {
          Restart: 'on-failure',
          RestartSec: watchdog_restart,
          ...(load ? { ExecStartPre: `/sbin/modprobe ${module}` } : {}),
        },
      },
    }),
    node.ini({
      path: node.facts.packageManager === 'apt' ? '/etc/default/pacemaker' : '/etc/sysconfig/pacemaker',
      values: { PCMK_fail_fast: watchdog_fail_fast ? 'yes' : 'no' },
      create: true,
    }),
  ])
  const conf = await node.readText(CONF)
  if (conf === null) return node.skip('corosync feeds it', `there is no ${CONF} yet: play pcs_cluster before`)
  await node.file({
    path: CONF,
    content: withWatchdog(conf, { device: '/dev/watchdog', timeout: watchdog_margin }),
  })
}
