import { output } from './host_script.ts'
import type { ReadContext } from './operation.ts'
import type { PathState } from './path_state.ts'

/** What is known of a directory that an archive is unpacked to. */
export interface Unpacked {
  /** Digest of the archive that the mark in the directory names; null where there is no mark. */
  readonly sha256: string | null
  /** True where unpacking was begun and not ended. */
  readonly partial: boolean
  /** How many of the paths that it brought are gone, and the first of them. */
  readonly missing: { readonly count: number; readonly first: string }
  /** What else is in it, without the mark and a filesystem's lost+found. */
  readonly entries: number
  /** Whether the path that the caller names as proof is there; false where none is named. */
  readonly created: boolean
}

export type ArchiveReading = PathState & { readonly unpacked?: Unpacked }

/**
 * The mark is a file in the directory: `unpacked SHA256` or `unpacking SHA256`, then the paths, one a line. All of them
 * are looked for at each reading, so that a tree that has lost files is seen.
 */
export const MARK = '.bringup-archive'

const LOOK = `
mark=$1/${MARK}
if [ -f "$mark" ]; then head -n 1 "$mark"; else echo none; fi
if [ -n "$2" ] && { [ -e "$2" ] || [ -L "$2" ]; }; then echo created; else echo -; fi
entries=0
for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
  if [ -e "$entry" ] || [ -L "$entry" ]; then
    case \${entry##*/} in ${MARK} | lost+found) ;; *) entries=$((entries + 1)) ;; esac
  fi
done
echo $entries
if [ -f "$mark" ] && cd "$1"; then
  tail -n +2 "$mark" | tr '\\n' '\\0' | xargs -0 -r stat -c '' 2>&1 >/dev/null
fi
exit 0`

/** Looks at what is unpacked in a directory. @param creates path that shows that it is done, or empty */
export async function readUnpacked(
  context: Pick<ReadContext, 'remote'>,
  path: string,
  creates: string,
): Promise<Unpacked> {
  const seen = (await output(context, `look into ${path}`, LOOK, [path, creates])).toString('utf8')
  const [mark = '', created, entries, ...complaints] = seen.trimEnd().split('\n')
  const [state, sha256 = null] = mark.split(' ')
  const [first = ''] = complaints
  return {
    sha256: state === 'none' ? null : sha256,
    partial: state === 'unpacking',
    missing: { count: complaints.length, first: /\.\/[^']*/.exec(first)?.[0] ?? first },
    entries: Number(entries),
    created: created === 'created',
  }
}
