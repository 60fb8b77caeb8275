import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'
import { moveTimeout } from '../node_standby/vars.ts'

export const nodeUnstandbyVars = z.strictObject({
  drbd_resources: resourcesSchema.default([]),
  node_move_timeout: moveTimeout,
})

export type NodeUnstandbyVars = z.output<typeof nodeUnstandbyVars>
