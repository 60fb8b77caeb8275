import { z } from 'bringup'
import { writtenFields } from '../../src/pacemaker/corosync/written_schema.ts'
import { clusterAddresses, pcsClusterVars } from '../pcs_cluster/vars.ts'

export const corosyncVars = z.strictObject({
  cluster_name: writtenFields.cluster_name,
  cluster_addresses: clusterAddresses,
  cluster_transport: writtenFields.transport,
  cluster_transport_options: writtenFields.transport_options,
  cluster_links: writtenFields.links,
  cluster_totem: writtenFields.totem,
  cluster_quorum: writtenFields.quorum,
  cluster_crypto: writtenFields.crypto,
  cluster_compression: writtenFields.compression,
  cluster_start_timeout: pcsClusterVars.shape.cluster_start_timeout,
  corosync_logging: writtenFields.logging,
  corosync_node_id: z
    .int()
    .positive()
    .optional()
    .describe('Per host: its node id. Left out, the one that it has, or the lowest that is free.'),
  corosync_key: z
    .enum(['keep', 'replace'])
    .default('keep')
    .describe(
      'replace makes a new authkey, for which corosync stops on all nodes. Only for the command line, and one run: -e corosync_key=replace.',
    ),
  corosync_together: z
    .boolean()
    .default(false)
    .describe(
      'Allows a stop of the whole cluster while resources run, for settings that old and new cannot share. Only for the command line, and one run: -e corosync_together=true.',
    ),
})

export type CorosyncVars = z.output<typeof corosyncVars>
