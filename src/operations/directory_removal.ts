import { BringupError } from '../errors.ts'
import { output } from './host_script.ts'
import type { ApplyContext, Change, ReadContext } from './operation.ts'
import { change } from './path_change.ts'

/** What goes with a directory when it is removed. */
export interface Tree {
  /** The path without symlinks. */
  readonly real: string
  /** Files and directories right in it. */
  readonly entries: number
  /** Mount points at it or below it. */
  readonly mounts: readonly string[]
}

// Names with newlines count right: every entry is one dot.
const LOOK = `
readlink -f "$1" || exit 1
for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
  if [ -e "$entry" ] || [ -L "$entry" ]; then printf .; fi
done
printf '\\0'
cat /proc/self/mountinfo`

/** Looks at what removing a directory would take along. */
export async function readTree(context: Pick<ReadContext, 'remote'>, path: string): Promise<Tree> {
  const seen = (await output(context, `look into ${path}`, LOOK, [path])).toString('utf8')
  const end = seen.indexOf('\0')
  const [, real = path, dots = ''] = /^(.*)\n(\.*)$/s.exec(seen.slice(0, end)) ?? []
  return { real, entries: dots.length, mounts: mountsBelow(seen.slice(end + 1), real) }
}

/** Mount points at `path` or below, of the text of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function mountsBelow(mountinfo: string, path: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .map((field) =>
      field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    )
    .filter((mount) => mount === path || mount.startsWith(path === '/' ? '/' : `${path}/`))
}

/** Never removed with what is in them: the directories of the system itself (file-hierarchy(7)). */
const SYSTEM = new Set(
  [
    '/ /bin /boot /boot/efi /dev /etc /home /lib /lib32 /lib64 /libx32 /media /mnt /opt /proc /root /run /sbin /srv',
    '/sys /tmp /usr /usr/bin /usr/lib /usr/lib64 /usr/local /usr/sbin /usr/share',
    '/var /var/cache /var/lib /var/log /var/spool /var/tmp',
  ].flatMap((paths) => paths.split(' ')),
)

/**
 * The change that removes a directory.
 * @throws BringupError REFUSED where it holds what must not go
 */
export function mayRemove({ path, recursive }: { path: string; recursive: boolean }, tree: Tree): Change {
  if (SYSTEM.has(path))
    throw new BringupError('REFUSED', `${path} is a directory of the system and is never removed`, {
      remedy: 'Name the directory in it that is to go.',
    })
  if (tree.mounts.length > 0)
    throw new BringupError('REFUSED', `a filesystem is mounted at or below ${path}`, {
      seen: tree.mounts.join(', '),
      remedy: 'Unmount it first; a mounted filesystem is never emptied.',
    })
  if (tree.entries === 0) return { summary: 'remove (empty)' }
  const entries = `${tree.entries} ${tree.entries === 1 ? 'entry' : 'entries'}`
  if (recursive) return { summary: `remove with all that is in it (${entries})` }
  throw new BringupError('REFUSED', `${path} is not empty`, {
    seen: entries,
    remedy: 'Look at what is in it; set recursive: true to remove that as well.',
  })
}

/**
 * `remove_tree REAL PATH` looks for mounts once more, right before: what was mounted at REAL (see {@link escapedPath})
 * or below since it was read is not emptied. --one-file-system, where rm(1) knows it, stands behind that.
 */
export const REMOVE_TREE = `refuse_mounts() {
  while read -r _ _ _ _ mount _; do
    case $mount in "$1" | "$1"/*) echo "mounted: $mount" >&2; exit 87 ;; esac
  done </proc/self/mountinfo
}
remove_tree() {
  refuse_mounts "$1"
  if rm --one-file-system -rf /nonexistent/bringup 2>/dev/null; then rm --one-file-system -rf "$2"
  else rm -rf "$2"
  fi
}
`

const REMOVE = `${REMOVE_TREE}
if [ -L "$path" ]; then exit 81; fi
if [ -z "$2" ]; then rmdir "$path" || fail
else remove_tree "$2" "$path" || fail
fi
sync_directory`

/** Removes a directory: only an empty one, unless `recursive`. @param tree what was read of it */
export const removeTree = (
  context: ApplyContext,
  path: string,
  recursive: boolean,
  tree?: Tree,
): Promise<void> => change(context, REMOVE, [path, recursive ? escapedPath(tree?.real ?? path) : ''])

/** A path without symlinks, as the kernel writes it into mountinfo. */
export const escapedPath = (real: string): string =>
  real.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
