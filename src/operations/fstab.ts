import * as z from 'zod'
import { editOperation, editParams } from './edit_operation.ts'
import { commentEntry, removeEntry, setEntry } from './fstab_text.ts'
import { absolutePath } from './params.ts'

const field = z.string().regex(/^[^\n\r\0]+$/, 'must be a single line')
const word = z.string().regex(/^[^\s#,\\]+$/, 'must be without blanks and commas')

const params = z
  .strictObject({
    ...editParams,
    path: editParams.path.default('/etc/fstab'),
    spec: field.optional().describe('Device, UUID=…, LABEL=…, or a remote filesystem'),
    mountpoint: z.union([z.literal('none'), absolutePath]).describe('Where it is mounted; none for swap'),
    type: word.optional().describe('Filesystem type: ext4, xfs, swap, nfs, …'),
    options: z.array(word).min(1).default(['defaults']).describe('Mount options, in order'),
    dump: z.int().min(0).default(0),
    pass: z.int().min(0).default(0).describe('Order of fsck at boot: 1 for /, 2 for others, 0 for none'),
    state: z
      .enum(['present', 'absent', 'commented'])
      .default('present')
      .describe('commented keeps the line as a comment, for one that something else mounts from now on'),
  })
  .refine(
    (want) => want.state !== 'present' || (want.spec !== undefined && want.type !== undefined),
    'spec and type are needed',
  )
  .refine((want) => want.mountpoint !== 'none' || want.spec !== undefined, 'swap is known by its spec')

/**
 * One filesystem in /etc/fstab, known by its mount point and compared field by field; nothing is mounted or unmounted.
 * systemd reads the file again at the next daemon-reload.
 */
export const fstab = editOperation('fstab', {
  params,
  subject: ({ mountpoint, spec }) => (mountpoint === 'none' ? (spec ?? '') : mountpoint),
  edit(text, want) {
    if (want.state === 'absent') return removeEntry(text, want)
    if (want.state === 'commented') return commentEntry(text, want)
    return setEntry(text, want.path, { ...want, spec: want.spec ?? '', type: want.type ?? '' })
  },
})
