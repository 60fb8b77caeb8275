import type { Node } from 'bringup'
import { chooseWatchdog } from './choose.ts'
import { readWatchdog } from './live.ts'
import type { WatchdogVars } from './vars.ts'

/**
 * A watchdog that corosync can feed, now and after a boot, and a corosync and Pacemaker that do not stand in its way. To
 * be there before corosync starts with a corosync.conf that names it.
 * @throws BringupError REFUSED where another process has it
 */
export async function feedable(node: Node<WatchdogVars>): Promise<void> {
  const { watchdog_module, watchdog_margin, watchdog_restart, watchdog_fail_fast } = node.vars
  const module = watchdog_module === 'none' ? null : await watchdogModule(node)
  if (module !== null)
    await node.kernel_module({
      name: module,
      ...(module === 'softdog' ? { options: { soft_margin: watchdog_margin } } : {}),
    })
  await Promise.all([
    node.dropin({
      unit: 'corosync',
      name: 'watchdog',
      sections: {
        Service: {
          Restart: 'on-failure',
          RestartSec: watchdog_restart,
          ...(module === null ? {} : { ExecStartPre: `/sbin/modprobe ${module}` }),
        },
      },
    }),
    node.ini({
      path: node.facts.packageManager === 'apt' ? '/etc/default/pacemaker' : '/etc/sysconfig/pacemaker',
      values: { PCMK_fail_fast: watchdog_fail_fast ? 'yes' : 'no' },
      create: true,
    }),
  ])
}

/** The module to load; null where the machine's own watchdog is kept as it is. */
async function watchdogModule(node: Node<WatchdogVars>): Promise<string | null> {
  const choice = chooseWatchdog(node.vars.watchdog_module, await readWatchdog(node.$.read))
  await node.require(
    'one watchdog, that corosync can feed',
    async () => !('refuse' in choice) || choice.refuse,
    'refuse' in choice ? choice.remedy : '',
  )
  if ('refuse' in choice) return null
  if (!choice.load) node.note(`its own watchdog is kept: ${choice.module}`)
  return choice.load ? choice.module : null
}
