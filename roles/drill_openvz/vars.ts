import { z } from 'bringup'
import { drillVars, steps } from '../drill_failover/vars.ts'

export const drillOpenvzVars = drillVars.safeExtend({
  drill_service: z
    .string()
    .default('vz')
    .describe('The services of OpenVZ: an ocf:bringup:openvz of cluster_resources.'),
  drill_container: z
    .string()
    .regex(/^[A-Za-z][\w-]*$/, 'must be a name of letters, digits, _ and -')
    .default('bringup-drill')
    .describe('The container that the drill makes, and removes afterwards; none of that name may be there.'),
  drill_template: z
    .string()
    .regex(/^[\w.+-]+$/)
    .default('centos-7-x86_64')
    .describe('The OS template that it is made of: vzpkg list -O tells which there are.'),
  drill_steps: z
    .array(z.enum(steps))
    .min(1)
    .default(['standby', 'standby', 'reboot', 'reboot', 'power', 'power'])
    .describe('What is done, in this order, each to the node that is active then: twice is there and back.'),
})

export type DrillOpenvzVars = z.output<typeof drillOpenvzVars>
