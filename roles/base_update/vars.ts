import { z } from 'bringup'

export const baseUpdateVars = z.strictObject({
  base_update: z
    .boolean()
    .default(true)
    .describe('Whether all packages are brought to what the package sources have.'),
})

export type BaseUpdateVars = z.output<typeof baseUpdateVars>
