import { secret, z } from 'bringup'
import { clusterFields } from '../../src/pacemaker/corosync/cluster_schema.ts'

/** Per host: its address on each corosync link. */
export const clusterAddresses = z
  .array(z.union([z.ipv4(), z.ipv6()]))
  .min(1)
  .max(8)
  .optional()
  .describe(
    'Addresses of this host on the corosync links, link 0 first; the address of the inventory when left out.',
  )

export const pcsClusterVars = z.strictObject({
  cluster_name: clusterFields.cluster_name,
  cluster_addresses: clusterAddresses,
  cluster_transport: clusterFields.transport,
  cluster_transport_options: clusterFields.transport_options,
  cluster_links: clusterFields.links,
  cluster_totem: clusterFields.totem,
  cluster_quorum: clusterFields.quorum,
  cluster_crypto: clusterFields.crypto,
  cluster_compression: clusterFields.compression,
  cluster_start_timeout: z
    .int()
    .positive()
    .default(120)
    .describe('Seconds that the nodes may take to start.'),
  hacluster_password: secret({ minLength: 8, singleLine: true }).describe(
    'Password of hacluster, with which pcs introduces the nodes.',
  ),
})

export type PcsClusterVars = z.output<typeof pcsClusterVars>
