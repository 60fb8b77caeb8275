import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { temporaryFor } from './atomic_write.ts'
import { accountsAfter, planAttributes } from './attributes.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { absolutePath, groupName, ownerName, presence } from './params.ts'
import { change, removePath, setAttributes } from './path_change.ts'
import { pathKey, readPath } from './path_state.ts'
import type { PathState } from './path_state.ts'

const params = z
  .strictObject({
    path: absolutePath.describe('Where the symlink is'),
    target: z
      .string()
      .regex(/^[^\0]+$/)
      .optional()
      .describe('What it leads to, as written into it; relative to its directory unless absolute'),
    state: presence,
    owner: ownerName.optional(),
    group: groupName.optional(),
  })
  .refine((want) => want.state === 'absent' || want.target !== undefined, 'target is needed')

type Want = z.output<typeof params>

// mv -T, so that a symlink to a directory is replaced and not moved into; where mv(1) does not know it, ln -sfn, which
// leaves a moment without the symlink.
const LINK = `
target=$2 temporary=$3
trap 'rm -f "$temporary"' EXIT
trap 'exit 143' HUP INT TERM
[ -d "$directory" ] || exit 83
if [ -e "$path" ] && [ ! -L "$path" ]; then exit 81; fi
ln -s -- "$target" "$temporary" || fail
mv -fT "$temporary" "$path" 2>/dev/null || ln -sfn -- "$target" "$path" || fail
sync_directory`

/** A symlink, replaced in one step where it leads elsewhere; or that there is none. Nothing but symlinks is replaced. */
export const symlink = operation('symlink', {
  params,
  subject: (want) => (want.state === 'absent' ? want.path : `${want.path} → ${want.target}`),
  read: (context, want) => readPath(context, want.path, { digestOnly: true }),

  plan(now, want): Change[] {
    if (now.kind === 'absent') return want.state === 'absent' ? [] : [creation(now.parent, want)]
    if (now.kind !== 'symlink') throw notASymlink(now, want)
    if (want.state === 'absent') return [{ summary: `remove the symlink to ${now.target}` }]
    const target = now.target === want.target ? [] : [{ summary: `target ${now.target} → ${want.target}` }]
    return [...target, ...planAttributes(now, { owner: want.owner, group: want.group })]
  },

  async apply(context, _changes, want, now) {
    if (want.state === 'absent') return removePath(context, want.path)
    const { path, target = '', owner, group } = want
    if (now.kind !== 'symlink' || now.target !== target)
      await change(context, LINK, [path, target, temporaryFor(path).temporary])
    if (owner !== undefined || group !== undefined) await setAttributes(context, path, { owner, group })
  },

  after(now, want): PathState {
    const who = accountsAfter(now, want)
    return want.state === 'absent'
      ? { kind: 'absent', parent: 'present', ...who }
      : { kind: 'symlink', target: want.target ?? '', ...who }
  },

  key: (want) => pathKey(want.path),
})

const creation = (parent: string, { target }: Want): Change => ({
  summary: `create, to ${target}${parent === 'missing' ? ', in a directory that is not there yet' : ''}`,
})

const notASymlink = (now: PathState, { path }: Want): BringupError =>
  new BringupError('REFUSED', `${path} is not a symlink`, {
    seen: now.kind === 'other' ? 'a device, socket or pipe' : `a ${now.kind}`,
    remedy: `Look whether it is still needed, and remove it with the ${now.kind === 'directory' ? 'directory' : 'file'} operation first.`,
  })
