import type { Node } from 'bringup'
import type { DrbdResourceVars } from './vars.ts'

/**
 * At boot drbd.service brings all resources up, and waits for their peers as `startup` of the resources says, before
 * Pacemaker starts: a node that comes up alone with old data must not be the first to mount them. Where Pacemaker runs
 * DRBD itself, the service must keep out (DRBD guide, Pacemaker).
 */
export async function startAtBoot<V>(node: Node<V>, who: DrbdResourceVars['drbd_at_boot']): Promise<void> {
  if (who === 'pacemaker') {
    await node.service({ name: 'drbd', enabled: false })
    return
  }
  const { exitCode, stdout } = await node.$.read({ nothrow: true })`systemctl cat drbd.service`
  // drbd-utils before 9.13 do not order it.
  if (exitCode === 0 && !/^Before=.*\bpacemaker\.service/m.test(stdout))
    await node.dropin({
      unit: 'drbd.service',
      name: 'pacemaker',
      content: '[Unit]\nBefore=pacemaker.service\n',
    })
  await node.service({ name: 'drbd', state: 'started', enabled: true })
}
