import { z } from 'bringup'
import { clusterRejoinVars } from '../cluster_rejoin/vars.ts'
import { drbdModuleVars } from '../drbd_module/vars.ts'
import { drbdRejoinVars } from '../drbd_rejoin/vars.ts'

export const rebuildCheckVars = clusterRejoinVars.extend({
  ...drbdRejoinVars.shape,
  drbd_version: drbdModuleVars.shape.drbd_version.optional(),
})

export type RebuildCheckVars = z.output<typeof rebuildCheckVars>
