import type { CommandOptions } from '../connection/remote.ts'
import type { WantedAttributes } from './attributes.ts'
import { runScript } from './host_script.ts'
import type { ApplyContext } from './operation.ts'
import { writeError } from './write_error.ts'

// lsattr(1) tells an immutable file from one that is refused for another reason.
// After a rename the directory is synced, where sync(1) knows files: that of EL 7 has no -d, and without it would sync
// every filesystem of the host, and hang with any of them. There an fsync of the renamed file itself takes the rename
// along on journaling filesystems.
const HEAD = `path=$1 directory=\${1%/*}/
fail() {
  lsattr -d "$path" "$directory" 2>/dev/null | sed 's/^/lsattr: /' >&2
  exit 90
}
sync_directory() {
  { sync -d "$directory" && sync "$directory"; } 2>/dev/null || {
    if [ -f "$path" ] && [ ! -L "$path" ]; then dd if=/dev/null of="$path" conv=notrunc,fsync 2>/dev/null; fi
  } || :
}
`

/**
 * Runs a script that changes the path that is its `$1` (also `$path`, with `$directory` above it and its slash). It
 * ends through `fail` where the host refuses something, calls `sync_directory` after a rename, and may end with a
 * status that `writeError` knows.
 * @throws BringupError that says in words why it could not
 */
export async function change(
  context: ApplyContext,
  script: string,
  args: readonly [path: string, ...rest: string[]],
  options: CommandOptions = {},
): Promise<void> {
  const { code, stderr } = await runScript(context, HEAD + script, args, options)
  if (code !== 0) throw writeError(args[0], code, stderr.toString())
}

/** `owner:group` as chown(1) takes it; empty where neither is to change. */
export const accounts = ({ owner = '', group }: Pick<WantedAttributes, 'owner' | 'group'>): string =>
  group === undefined ? owner : `${owner}:${group}`

// chown before chmod, since chown clears setuid and setgid; -h, so that a path that has just become a symlink is not
// followed.
const ATTRIBUTES = `
if [ -n "$2" ]; then chown -h "$2" "$path" || fail; fi
if [ -n "$3" ] && [ ! -L "$path" ]; then chmod "$3" "$path" || fail; fi`

/** Sets mode, owner and group of what is already there; setuid and setgid bits survive only where `mode` names them. */
export const setAttributes = (context: ApplyContext, path: string, want: WantedAttributes): Promise<void> =>
  change(context, ATTRIBUTES, [path, accounts(want), want.mode ?? ''])

const REMOVE = `
if [ -d "$path" ] && [ ! -L "$path" ]; then exit 81; fi
rm -f "$path" || fail
sync_directory`

/** Removes a file or symlink, never a directory. */
export const removePath = (context: ApplyContext, path: string): Promise<void> =>
  change(context, REMOVE, [path])
