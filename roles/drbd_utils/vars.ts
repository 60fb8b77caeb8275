import { z } from 'bringup'
import { urls } from '../../src/operations/params.ts'
import { anyResources } from '../drbd_module/vars.ts'

const fields = z.strictObject({
  drbd_resources: anyResources,
  drbd_utils_version: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Release of drbd-utils, as its tarball is named (9.22.0), or package for the distribution's own.",
    ),
  drbd_utils_tarball: z
    .string()
    .min(1)
    .optional()
    .describe('Its release tarball, as a path on the controller.'),
  drbd_utils_urls: urls.optional().describe('Where to fetch it when no path is given; LINBIT when left out.'),
  drbd_builder: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Host that builds; a host of the group builders, or else the first node of each platform, when left out or not in the play.',
    ),
  drbd_version: z
    .string()
    .default('in-tree')
    .describe(
      'Release of the module that is to be commanded, to be told before compiling when the two do not fit.',
    ),
})

export const drbdUtilsVars = fields.refine(
  ({ drbd_resources, drbd_utils_version: version }) => version !== undefined || drbd_resources.length === 0,
  { path: ['drbd_utils_version'], message: 'is needed where there are drbd_resources' },
)

export type DrbdUtilsVars = z.output<typeof drbdUtilsVars>
