import { z } from 'bringup'
import { baseUpdateVars } from '../base_update/vars.ts'
import { drbdModuleVars, reboot } from '../drbd_module/vars.ts'
import { drbdUtilsVars } from '../drbd_utils/vars.ts'

/** Seconds that resources may take to move, of roles that have them moved. */
export const moveTimeout = z
  .int()
  .positive()
  .default(300)
  .describe('Seconds that what a node runs may take to move to another, or back.')

export const nodeStandbyVars = z.strictObject({
  node_move_timeout: moveTimeout,
  node_standby_for: z
    .enum(['work', 'updates'])
    .default('work')
    .describe(
      'updates: a node that has none to get is left as it is. Then these are looked at: base_update, reboot, and the versions of DRBD.',
    ),
  base_update: baseUpdateVars.shape.base_update,
  reboot,
  drbd_version: drbdModuleVars.shape.drbd_version,
  drbd_signing: drbdModuleVars.shape.drbd_signing,
  drbd_utils_version: drbdUtilsVars.shape.drbd_utils_version,
})

export type NodeStandbyVars = z.output<typeof nodeStandbyVars>
