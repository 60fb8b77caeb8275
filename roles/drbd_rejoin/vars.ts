import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'
import { drbdResourceVars } from '../drbd_resource/vars.ts'

export const drbdRejoinVars = z.strictObject({
  drbd_resources: resourcesSchema
    .default([])
    .describe('As in drbd_resource; none for a cluster without DRBD'),
  drbd_connect_timeout: drbdResourceVars.shape.drbd_connect_timeout,
  drbd_at_boot: drbdResourceVars.shape.drbd_at_boot,
  drbd_versions: z
    .enum(['equal', 'compatible'])
    .default('equal')
    .describe(
      'Whether the node must run the very DRBD of the others, or one that talks to it will do, as while nodes are updated in turn',
    ),
})

export type DrbdRejoinVars = z.output<typeof drbdRejoinVars>
