import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { accountsAfter, attributeParams, attributesText, planAttributes } from './attributes.ts'
import { operation } from './operation.ts'
import type { Change } from './operation.ts'
import { absolutePath, presence } from './params.ts'
import { accounts, change, setAttributes } from './path_change.ts'
import { pathKey, readPath } from './path_state.ts'
import type { PathState } from './path_state.ts'
import { mayRemove, readTree, removeTree } from './directory_removal.ts'
import type { Tree } from './directory_removal.ts'

const params = z
  .strictObject({
    path: absolutePath,
    ...attributeParams,
    state: presence,
    parents: z.boolean().default(false).describe('Make missing directories above it too (0755)'),
    recursive: z.boolean().default(false).describe('For absent: remove what is in it as well'),
    follow: z.boolean().default(false).describe('A symlink to a directory is as good as a directory'),
  })
  .refine(
    (want) => want.state === 'absent' || !want.recursive,
    'recursive is for a directory that is to be absent',
  )

type Want = z.output<typeof params>

/** What is at the path, and for one that is to be removed, what removing it would take along. */
export type DirectoryReading = PathState & { readonly tree?: Tree }

const MAKE = `
if [ "$4" = parents ]; then (umask 022; mkdir -p "$directory") || fail; fi
[ -d "$directory" ] || exit 83
(umask 077; mkdir "$path") || fail
if [ -n "$3" ]; then chown "$3" "$path" || fail; fi
if command -v selinuxenabled >/dev/null && selinuxenabled; then restorecon "$path" || :; fi
chmod "$2" "$path" || fail
sync_directory`

/**
 * A directory with its mode (0755 when made), owner and group; not what is in it. Absent: an empty one is removed, one
 * with something in it only with `recursive`, and never where a filesystem is mounted at it or below.
 */
export const directory = operation('directory', {
  params,
  subject: (want) => want.path,

  async read(context, want): Promise<DirectoryReading> {
    const now = await readPath(context, want.path, {
      digestOnly: true,
      follow: want.follow && want.state === 'present',
    })
    if (want.state === 'present' || now.kind !== 'directory') return now
    return { ...now, tree: await readTree(context, want.path) }
  },

  plan(now, want): Change[] {
    if (now.kind === 'absent') return want.state === 'absent' ? [] : [creation(now.parent, want)]
    if (now.kind !== 'directory') throw notADirectory(now, want)
    if (want.state === 'present') return planAttributes(now, want)
    return [mayRemove(want, now.tree ?? { real: want.path, entries: 0, mounts: [] })]
  },

  async apply(context, _changes, want, now) {
    if (want.state === 'absent')
      return removeTree(context, want.path, want.recursive, now.kind === 'directory' ? now.tree : undefined)
    if (now.kind === 'directory')
      return setAttributes(context, now.at ?? want.path, { ...want, mode: want.mode ?? now.mode })
    const { path, mode = '0755', parents } = want
    await change(context, MAKE, [path, mode, accounts(want), parents ? 'parents' : ''])
  },

  after(now, want): DirectoryReading {
    const who = accountsAfter(now, want)
    if (want.state === 'absent') return { kind: 'absent', parent: 'present', ...who }
    const mode = now.kind === 'directory' ? now.mode : '0755'
    return { kind: 'directory', mode: want.mode ?? mode, ...who }
  },

  key: (want) => pathKey(want.path),
})

function creation(parent: string, want: Want): Change {
  const attributes = attributesText(want)
  const what = attributes === '' ? 'create' : `create (${attributes})`
  const where = parent !== 'missing' || want.parents ? '' : ', in a directory that is not there yet'
  return { summary: what + where }
}

function notADirectory(now: PathState, { path }: Want): BringupError {
  if (now.kind === 'symlink')
    return new BringupError('REFUSED', `${path} is a symlink, not a directory`, {
      seen: `a symlink to ${now.target}`,
      remedy: 'Name the directory that it leads to, or set follow: true where the symlink is as good.',
    })
  return new BringupError('REFUSED', `${path} is not a directory`, {
    seen: now.kind === 'file' ? 'a file' : 'a device, socket or pipe',
    remedy: 'Look whether it is still needed, and remove it with the file operation first.',
  })
}
