import type { Node } from 'bringup'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../src/pacemaker/crm_mon.ts'
import type { ApacheVars } from './vars.ts'

/**
 * Whether what the unit started is Pacemaker's by now: it takes over a running Apache that it finds, and stopping the unit
 * would be a failure to it. A cluster that does not answer may have it.
 * @param status null where Pacemaker runs, and does not answer
 */
export function isPacemakers(
  status: Pick<ClusterStatus, 'resources'> | null,
  node: string,
  unit: string,
): boolean {
  const agents = ['ocf:heartbeat:apache', `systemd:${unit}`]
  return (
    status === null ||
    status.resources.some((one) => agents.includes(one.agent) && one.active && one.nodes.includes(node))
  )
}

/** Has nobody but Pacemaker start Apache: not at boot, and not now, unless what runs now is Pacemaker's. */
export async function leaveToPacemaker(
  node: Node<ApacheVars>,
  unit: string,
  warn: (message: string) => void,
): Promise<void> {
  const kept = (await isActive(node, unit)) && (await isActive(node, 'pacemaker')) && (await runs(node, unit))
  await node.service({ name: unit, enabled: false, ...(kept ? {} : { state: 'stopped' }) })
  if (!kept) return
  warn(
    `${unit} on ${node.name} was started by systemd, and Pacemaker took it over. It goes on running, and systemd starts it again when it dies:\n` +
      'Pacemaker then counts no failure. Have Pacemaker start it itself, at a time that suits: crm resource restart RESOURCE',
  )
}

/** Whether systemd runs it, other than as a child of Pacemaker. */
export async function isActive<V>(node: Node<V>, unit: string): Promise<boolean> {
  const { exitCode } = await node.$.read({ nothrow: true })`systemctl is-active --quiet ${unit}`
  return exitCode === 0
}

async function runs(node: Node<ApacheVars>, unit: string): Promise<boolean> {
  const { exitCode, stdout } = await node.$.read({ nothrow: true, timeout: 60 })`sh -c ${CRM_MON}`
  return isPacemakers(exitCode === 0 ? parseCrmMon(stdout) : null, node.name, unit)
}
