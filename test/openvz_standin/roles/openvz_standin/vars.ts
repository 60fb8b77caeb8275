import { z } from 'bringup'
import { absolutePath } from '../../../../src/operations/params.ts'

export const standinVars = z.strictObject({
  openvz_disk: absolutePath
    .optional()
    .describe('A blank disk that becomes /dev/mapper/openvz-vz at /vz; left out, /vz is a directory'),
  openvz_size: z
    .string()
    .regex(/^\d+[MG]$/, 'must be a size as 512M or 2G')
    .optional()
    .describe('Of the logical volume; left out, all of the disk'),
})
