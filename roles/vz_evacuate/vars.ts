import { z } from 'bringup'
import { resourcesSchema } from '../../src/drbd/resource_schema.ts'
import { absolutePath } from '../../src/operations/params.ts'

const host = z.string().min(1)

export const evacuationVars = z.strictObject({
  evacuation: z
    .strictObject({
      from: host.describe('The node whose /vz is kept'),
      to: absolutePath
        .refine((path) => path !== '/vz' && !path.startsWith('/vz/'), 'must not be below /vz')
        .default('/root/vz-evacuated')
        .describe('A folder of that node, on another file system than /vz; made here'),
      expendable: z
        .array(host)
        .default([])
        .describe('Other nodes whose /vz may be lost with all that is in it; without this it must be empty'),
      keep: z
        .boolean()
        .default(true)
        .describe('False: the copy goes once its data are restored, and UpToDate on all nodes'),
      resource: host.optional().describe('The DRBD resource that carries /vz; the first when left out'),
    })
    .refine(({ from, expendable }) => !expendable.includes(from), {
      message: 'what is kept is not expendable',
      path: ['expendable'],
    }),
  drbd_resources: resourcesSchema,
})

export type EvacuationVars = z.output<typeof evacuationVars>
