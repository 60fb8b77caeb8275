import { z } from 'bringup'
import { apacheVars } from '../apache/vars.ts'
import { clusterVars } from '../cluster_resources/vars.ts'

const { cluster_resources, cluster_groups, cluster_resource_defaults } = clusterVars.shape

export const drillApacheVars = z.strictObject({
  cluster_resources,
  cluster_groups,
  cluster_resource_defaults,
  apache_node_page: apacheVars.shape.apache_node_page,
  drill_timeout: z
    .int()
    .positive()
    .default(120)
    .describe('Seconds that the cluster may take after each blow until it is as foretold.'),
})

export type DrillApacheVars = z.output<typeof drillApacheVars>
