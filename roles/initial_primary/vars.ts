import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'

export const initialPrimaryVars = z.strictObject({
  drbd_resources: resourcesSchema,
  initial_sync_wait: z
    .boolean()
    .default(false)
    .describe('Wait until all disks are UpToDate; the nodes can be used before that'),
})

export type InitialPrimaryVars = z.output<typeof initialPrimaryVars>
