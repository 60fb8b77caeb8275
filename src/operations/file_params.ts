import * as z from 'zod'
import { attributeParams } from './attributes.ts'
import { absolutePath } from './params.ts'

/** The command that looks at a new file before it replaces the old one, from the path that it has until then. */
const validate = z
  .custom<(temporary: string) => readonly string[]>((value) => typeof value === 'function')
  .optional()
  .describe("Command that checks the new file before it replaces the old: (path) => ['visudo', '-cf', path]")

/** Parameters of every operation that writes files. */
export const fileParams = {
  path: absolutePath,
  ...attributeParams,
  follow: z.boolean().default(false).describe('Write what a symlink leads to; else a symlink is refused'),
  validate,
  backup: z.boolean().default(false).describe('Keep the old file under /var/backups/bringup'),
  secret: z.boolean().default(false).describe('Never show the content, not even as a diff'),
}
