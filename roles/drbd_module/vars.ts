import { z } from 'bringup'
import { absolutePath, urls } from '../../src/operations/params.ts'

/** Also of base_update. */
export const reboot = z
  .boolean()
  .default(false)
  .describe(
    'Whether a node may be rebooted: where an update asks for it, or (then updated) where its kernel has no headers any more.',
  )

/** Also of drbd_utils: what it is to be for; its shape is looked at by drbd_resource. */
export const anyResources = z
  .array(z.unknown())
  .default([])
  .describe('As in drbd_resource. Without any, and without a version, nothing is done.')

const fields = z.strictObject({
  drbd_resources: anyResources,
  drbd_version: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Release of the module, as its tarball is named (9.2.16, 9.0.19-1), or in-tree for the 8.4 that the kernel brings.',
    ),
  drbd_tarball: z.string().min(1).optional().describe('Its release tarball, as a path on the controller.'),
  drbd_urls: urls.optional().describe('Where to fetch it when no path is given; LINBIT when left out.'),
  drbd_builder: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Host that builds; a host of the group builders, or else the first node of each kernel, when left out or not in the play.',
    ),
  drbd_utils_version: z
    .string()
    .default('package')
    .describe(
      'Version of drbd-utils that is to command it, to be told before compiling when the two do not fit.',
    ),
  drbd_signing: z
    .strictObject({ key: absolutePath, certificate: absolutePath })
    .optional()
    .describe(
      'Paths on the builder of the key and certificate (DER) that the modules are signed with, for Secure Boot.',
    ),
  drbd_take_down: z
    .boolean()
    .default(false)
    .describe(
      'Whether DRBD may be taken down to replace its module, on a node that is in standby and has a peer with all data.',
    ),
  reboot,
})

export const drbdModuleVars = fields.refine(
  ({ drbd_resources, drbd_version }) => drbd_version !== undefined || drbd_resources.length === 0,
  { path: ['drbd_version'], message: 'is needed where there are drbd_resources' },
)

export type DrbdModuleVars = z.output<typeof drbdModuleVars>
