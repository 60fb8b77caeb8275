import type { Node, ReadContext } from 'bringup'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import { readWatchdog } from './live.ts'
import type { WatchdogVars } from './vars.ts'

/** Seconds that a node may take to be a member of its cluster again. */
const BACK = 300

/**
 * Has a running corosync feed the watchdog, with the margin that is wanted. It opens the device as it starts and never
 * later, so it is started again: at once where the node runs no resources, and else by its operator, who is told.
 */
export async function takeOver(node: Node<WatchdogVars>, warn: (message: string) => void): Promise<void> {
  const { exitCode } = await node.$.read({ nothrow: true })`systemctl is-active --quiet corosync`
  if (exitCode !== 0) return
  const { holders } = await readWatchdog(node.$.read)
  if (holders.includes('corosync')) return await setMargin(node)
  const running = await resourcesOn(node)
  if (running > 0) {
    warn(
      `corosync on ${node.name} does not feed the watchdog yet, only from its next start on.\n` +
        `It was not restarted, as ${running} resource${running === 1 ? '' : 's'} run there. Move them away, then, on ${node.name}: systemctl stop pacemaker; systemctl restart corosync; systemctl start pacemaker`,
    )
    return
  }
  const { exitCode: hadPacemaker } = await node.$.read({
    nothrow: true,
  })`systemctl is-active --quiet pacemaker`
  await node.task('corosync feeds the watchdog', {
    met: async ({ $ }) =>
      (await readWatchdog($.read)).holders.includes('corosync') || 'corosync starts again, and takes it',
    apply: async ({ $ }) => {
      await $({ unbroken: true })`systemctl restart corosync`
      // Which it takes down with it, and as a rule up again.
      if (hadPacemaker === 0) await $`systemctl start pacemaker`
    },
  })
  if (hadPacemaker !== 0) return
  await node.wait_for({
    condition: async (context) => (await seen(context, node.name))?.online === true || 'it is not online',
    description: `${node.name} a member of its cluster again`,
    timeout: BACK,
  })
}

/** A running corosync takes another margin over at once. */
async function setMargin(node: Node<WatchdogVars>): Promise<void> {
  const { watchdog_margin: margin } = node.vars
  await node.task('margin of the watchdog', {
    met: async ({ $ }) => {
      const { timeout } = await readWatchdog($.read)
      return timeout === null || timeout === margin || `${timeout} s → ${margin} s`
    },
    apply: ({ $ }) => $`corosync-cmapctl -s resources.watchdog_timeout u32 ${margin}`,
  })
}

async function resourcesOn(node: Node<WatchdogVars>): Promise<number> {
  return (await seen(node, node.name))?.resourcesRunning ?? 0
}

async function seen({ $ }: { readonly $: Pick<ReadContext['$'], 'read'> }, name: string) {
  const { exitCode, stdout } = await $.read({
    nothrow: true,
  })`sh -c ${CRM_MON}`
  return exitCode === 0 ? parseCrmMon(stdout).nodes.find((one) => one.name === name) : undefined
}
