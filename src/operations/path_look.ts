import type { Bytes, Remote } from '../connection/remote.ts'
import { output } from './host_script.ts'

/** A path to look at. */
export interface PathItem {
  readonly path: string
  /** What a symlink leads to is meant, not the symlink. */
  readonly follow: boolean
  /** Of a file up to this size the content is wanted, of a larger one its digest. */
  readonly shown: Bytes
}

/** What was seen at a path. */
export interface PathSight {
  /** Where, when a symlink was followed. */
  readonly at: string
  /** `absent PARENT UID GID`; or what stat(1) says: the raw mode in hex, size, uid and gid, and in lines of their own the owner and group. */
  readonly head: string
  /** A symlink's target, or a file's `content` or `sha256`, each ended by NUL, and that. */
  readonly body: Buffer
}

export const STAT_FORMAT = `%f %s %u %g
%U
%G`

// stat(1) of GNU and busybox both know these; the raw mode (%f) is the same everywhere and in every language.
// Names may hold anything but NUL, which therefore ends every field. busybox's readlink -f does not follow a symlink to
// what is not there, so links are followed one by one. Processes are what looking costs: none is begun that can be spared.
const SCRIPT = `
path=$1
links=0
while [ "$2" = follow ] && [ -L "$path" ]; do
  links=$((links + 1))
  if [ $links -gt 40 ]; then echo "symlinks that lead in a circle: $1" >&2; exit 1; fi
  target=$(readlink "$path" && echo .) || exit 1
  target=\${target%??}
  case $target in /*) path=$target ;; *) path=\${path%/*}/$target ;; esac
done
printf '%s\\0' "$path"
if ! seen=$(stat -c '${STAT_FORMAT}' "$path" 2>&1); then
  case $seen in
    *': No such file or directory' | *': Not a directory')
      parent=\${path%/*}
      if [ -d "\${parent:-/}" ]; then parent=present; else parent=missing; fi
      printf 'absent %s %s %s\\0' "$parent" "$(id -u)" "$(id -g)"
      exit ;;
    *) printf '%s\\n' "$seen" >&2; exit 1 ;;
  esac
fi
printf '%s\\0' "$seen"
size=\${seen#* }
size=\${size%% *}
if [ -L "$path" ]; then exec readlink "$path"
elif [ ! -f "$path" ]; then :
elif [ "$size" -le "$3" ]; then printf 'content\\0'; exec cat "$path"
else printf 'sha256\\0'; exec sha256sum <"$path"
fi`

/** @throws BringupError COMMAND_FAILED when it cannot be looked at; a path that can't be seen is never taken for absent */
export async function lookAtPath(
  remote: Pick<Remote, 'run'>,
  { path, follow, shown }: PathItem,
): Promise<PathSight> {
  const args = [path, follow ? 'follow' : '', String(shown)]
  const [at, seen] = cut(await output({ remote }, `look at ${path}`, SCRIPT, args))
  const [head, body] = cut(seen)
  return { at, head, body }
}

/** What comes before the first NUL, and what after it. */
export function cut(bytes: Buffer): [string, Buffer] {
  const end = bytes.indexOf(0)
  return end < 0
    ? [bytes.toString('utf8'), Buffer.alloc(0)]
    : [bytes.toString('utf8', 0, end), bytes.subarray(end + 1)]
}
