import type { Tag } from 'bringup'
import { activeOn } from '../../src/cluster/planned/services.ts'
import { daemonsUp } from '../../src/cluster/units_up.ts'
import { primaryHere } from '../../src/operations/drbd_in_step.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'

/**
 * Why a node must not be updated or rebooted in passing: services would restart under what it carries, or be taken away.
 * Null where nothing speaks against it: it is no member of a running cluster, or one in standby, and has no DRBD in use.
 * @param name of the node in its cluster
 */
export async function inService(read: Tag, name: string): Promise<string | null> {
  const daemons = await daemonsUp(read)
  if (daemons.length > 0 && !(await isIdle(read, name)))
    return `${daemons.join(' and ')} runs here: the members of a running cluster are updated one after the other, each on standby (playbooks/rolling-update.yml)`
  const held = await primaryHere(read)
  return held.length === 0 ? null : `DRBD is in use here: ${held.join(', ')} is Primary`
}

/** Whether its cluster has it in standby, with nothing left that runs there. */
async function isIdle(read: Tag, name: string): Promise<boolean> {
  const { exitCode, stdout } = await read({ nothrow: true })`sh -c ${CRM_MON}`
  if (exitCode !== 0) return false
  const status = parseCrmMon(stdout)
  const isOnStandby = status.nodes.some((node) => node.name === name && node.online && node.standby)
  return isOnStandby && activeOn(status, name).length === 0
}
