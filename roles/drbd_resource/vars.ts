import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'

export const drbdResourceVars = z.strictObject({
  drbd_resources: resourcesSchema,
  drbd_connect_timeout: z
    .int()
    .positive()
    .default(120)
    .describe('Seconds until the nodes of a resource must be connected'),
  drbd_at_boot: z
    .enum(['systemd', 'pacemaker'])
    .default('systemd')
    .describe(
      'Who brings the resources up: drbd.service before Pacemaker, or Pacemaker with ocf:linbit:drbd',
    ),
})

export type DrbdResourceVars = z.output<typeof drbdResourceVars>
