import { z } from 'bringup'
import { clusterVars } from '../cluster_resources/vars.ts'

export const steps = ['standby', 'reboot', 'corosync', 'power'] as const

/** What is done to the node that is active. */
export type Step = (typeof steps)[number]

const command = z.array(z.string().min(1)).min(1).optional()

export const drillVars = z
  .strictObject({
    cluster_resources: clusterVars.shape.cluster_resources,
    drill_resource: z
      .string()
      .default('vip')
      .describe('The virtual IP that is watched: an IPaddr2 of cluster_resources.'),
    drill_filesystem: z
      .string()
      .default('fs')
      .describe('The file system that is written to: a Filesystem of cluster_resources.'),
    drill_steps: z
      .array(z.enum(steps))
      .min(1)
      .default([...steps])
      .describe('What is done, in this order, each to the node that is active then.'),
    drill_limit: z
      .number()
      .positive()
      .optional()
      .describe(
        'Seconds that address or file system may be away; longer fails the drill. No limit when left out.',
      ),
    drill_timeout: z
      .int()
      .positive()
      .default(600)
      .describe('Seconds that moving may take, and then again coming back with all data in sync.'),
    drill_power_off: command.describe(
      "Command and arguments that cut a node's power, run on the observer, with {node} for its name: [virsh, destroy, '{node}']. Left out, the node's kernel resets it at once, without a sync.",
    ),
    drill_power_on: command.describe('The same, that gives it power again.'),
  })
  .refine((vars) => (vars.drill_power_off === undefined) === (vars.drill_power_on === undefined), {
    path: ['drill_power_on'],
    message: 'drill_power_off and drill_power_on go together: a node that is cut off must come back',
  })

export type DrillVars = z.output<typeof drillVars>
