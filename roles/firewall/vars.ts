import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'
import { clusterFields } from '../../src/pacemaker/corosync/cluster_schema.ts'
import { clusterAddresses } from '../pcs_cluster/vars.ts'

export const firewallVars = z.strictObject({
  firewall: z
    .enum(['open', 'off'])
    .default('open')
    .describe('open: the nodes reach one another through it; off: it is stopped, and does not start at boot'),
  cluster_addresses: clusterAddresses,
  cluster_links: clusterFields.links,
  drbd_resources: resourcesSchema.optional(),
})

export type FirewallVars = z.output<typeof firewallVars>
