import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'
import { pcsClusterVars } from '../pcs_cluster/vars.ts'
import { watchdogVars } from '../watchdog/vars.ts'

/** For roles that take a node's place again. */
export const deadNode = z
  .string()
  .min(1)
  .optional()
  .describe(
    'The word of somebody who has seen it: the node of this name does not run. Only for the command line, and one run: -e dead_node=server2.',
  )

export const clusterRejoinVars = pcsClusterVars.extend({
  // Of the role watchdog, for a cluster whose corosync.conf names one.
  ...watchdogVars.shape,
  dead_node: deadNode,
  drbd_resources: resourcesSchema.default([]),
})

export type ClusterRejoinVars = z.output<typeof clusterRejoinVars>
