import { z } from 'bringup'
import { resourceSchema } from '../../src/drbd/resource_schema.ts'
import { mkfs } from '../../src/operations/mkfs.ts'
import { absolutePath } from '../../src/operations/params.ts'

const { type, label, options } = mkfs.params.shape
const made = { type, label, options }

const onDrbd = z.strictObject({
  resource: z.string().min(1).describe('One of drbd_resources'),
  volume: z.int().min(0).default(0),
  ...made,
})

const onDevice = z.strictObject({
  device: absolutePath.describe('A disk, partition or volume that each node has'),
  mountpoint: absolutePath.optional().describe('Mounted there now and at boot; left out, it is only made'),
  mount_options: z.array(z.string().min(1)).min(1).default(['defaults']),
  ...made,
})

export type OnDrbd = z.output<typeof onDrbd>

export const filesystemVars = z.strictObject({
  filesystems: z
    .array(z.union([onDrbd, onDevice], 'needs either `resource` (of DRBD, mounted by Pacemaker) or `device`'))
    .min(1)
    .describe('File systems, each on a volume of DRBD or on a device of each node'),
  drbd_resources: z.array(resourceSchema).default([]).describe('As the role drbd_resource has them'),
})

export type FilesystemVars = z.output<typeof filesystemVars>
