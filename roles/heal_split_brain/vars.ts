import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'
import { absolutePath } from '../../src/operations/params.ts'

export const healVars = z.strictObject({
  drbd_resources: resourcesSchema,
  victim: z
    .string()
    .min(1)
    .optional()
    .describe('The node whose data are given up; without it the split is explained, and nothing is done'),
  heal_save: z
    .union([z.enum(['changes', 'disk']), z.literal(false)])
    .default('changes')
    .describe(
      'What is saved of the victim first: the blocks that it changed since the split, all of its disk, or nothing',
    ),
  heal_save_to: absolutePath
    .default('/var/lib/bringup/split-brain')
    .describe('A folder of the victim; each split brain has one of its own in it'),
  heal_timeout: z
    .int()
    .positive()
    .default(300)
    .describe('Seconds until the cluster has let go of the victim, and until it is connected again'),
})

export type HealVars = z.output<typeof healVars>
