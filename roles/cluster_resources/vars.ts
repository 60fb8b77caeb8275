import { z } from 'bringup'
import { cibFields, cibSchema } from '../../src/pacemaker/cib/schema.ts'
import type { Cib } from '../../src/pacemaker/cib/schema.ts'

const {
  properties,
  resource_defaults,
  operation_defaults,
  resources,
  groups,
  constraints,
  stonith_levels,
  purge,
} = cibFields

const fields = z.strictObject({
  cluster_properties: properties,
  cluster_resource_defaults: resource_defaults,
  cluster_operation_defaults: operation_defaults,
  cluster_resources: resources,
  cluster_groups: groups,
  cluster_constraints: constraints,
  cluster_stonith_levels: stonith_levels,
  cluster_purge: purge,
  cluster_settle_timeout: z
    .number()
    .positive()
    .default(120)
    .describe('Seconds that the resources may take until they run where they should.'),
})

/** The declared configuration of a cluster, as the `cluster_…` vars of a site. */
export const clusterVars = fields.superRefine((vars, context) => {
  const whole = cibSchema.safeParse(cibOf(vars))
  for (const issue of whole.error?.issues ?? []) {
    const [part, ...rest] = issue.path
    context.addIssue({ code: 'custom', message: issue.message, path: [`cluster_${String(part)}`, ...rest] })
  }
})

/** The same as one thing, as the knowledge of Pacemaker takes it. */
export function cibOf(vars: z.output<typeof fields>): Cib {
  return {
    properties: vars.cluster_properties,
    resource_defaults: vars.cluster_resource_defaults,
    operation_defaults: vars.cluster_operation_defaults,
    resources: vars.cluster_resources,
    groups: vars.cluster_groups,
    constraints: vars.cluster_constraints,
    stonith_levels: vars.cluster_stonith_levels,
    purge: vars.cluster_purge,
  }
}
