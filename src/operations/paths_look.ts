import { createHash, randomBytes } from 'node:crypto'
import { asBringupError } from '../errors.ts'
import type { BringupError } from '../errors.ts'
import type { Remote } from '../connection/remote.ts'
import { runScript } from './host_script.ts'
import { lookAtPath, STAT_FORMAT } from './path_look.ts'
import type { PathItem, PathSight } from './path_look.ts'
import type { Question } from './question.ts'

/**
 * What is at paths. Processes are what looking costs, so that many paths are looked at with one stat, one sha256sum and
 * one cat. Whatever is not plain then is looked at by itself: names with a newline, symlinks to be followed, and what
 * changed between two of these.
 */
export const PATHS: Question<PathItem, PathSight> = {
  title: ({ path }) => `look at ${path}`,
  async ask(remote, items) {
    const plain = items.length > 1 ? await lookAtMany(remote, items) : []
    return Promise.all(items.map(async (item, at) => plain[at] ?? alone(remote, item)))
  },
}

const alone = (remote: Pick<Remote, 'run'>, item: PathItem): Promise<PathSight | BringupError> =>
  lookAtPath(remote, item).catch(asBringupError)

// Parts are kept apart by a word that no file can know. First the kinds, one letter a path: `o` is none for here, `p` is
// absent in a directory that is there, `m` in one that is missing, `x` is there. Then stat's words, in which errors and
// rows may be mixed; each symlink's target; the digests of all files; the bytes of those that are small enough.
const SCRIPT = `
mark=$1; shift
newline='
'
kinds= limits= n=$#
while [ "$n" -gt 0 ]; do
  path=$1 how=$2 limit=$3
  shift 3
  n=$((n - 3))
  kind=x
  case $path in *"$newline"* | *\\\\*) kind=o ;; esac
  if [ -L "$path" ]; then
    if [ "$how" = follow ]; then kind=o; fi
  elif [ ! -e "$path" ] && [ $kind = x ]; then
    parent=\${path%/*}
    if [ -d "\${parent:-/}" ]; then kind=p; else kind=m; fi
  fi
  kinds=$kinds$kind
  if [ $kind != o ]; then set -- "$@" "$path"; limits="$limits$limit "; fi
done
printf '%s' "$mark$kinds"
case $kinds in *[pm]*) printf ' %s %s' "$(id -u)" "$(id -g)" ;; esac
printf '%s' "$mark"
[ $# -gt 0 ] || exit 0
seen=$(stat -c '${STAT_FORMAT}' "$@" 2>&1)
printf '%s' "$seen"
row=0 shown=
IFS=$newline
set -f
for text in $seen; do
  case $text in 'stat: '*) continue ;; esac
  row=$((row + 1))
  [ $((row % 3)) = 1 ] || continue
  kind=
  while [ "$kind" != x ]; do
    [ -n "$kinds" ] || exit 0
    kind=\${kinds%"\${kinds#?}"}
    kinds=\${kinds#?}
    [ $kind != o ] || continue
    path=$1 limit=\${limits%% *}
    shift
    limits=\${limits#* }
  done
  size=\${text#* }
  size=\${size%% *}
  case $text in
    a*) printf '%s' "$mark"; readlink "$path" ;;
    8*)
      set -- "$@" "$path"
      if [ "$size" -le "$limit" ]; then shown="\${shown}y"; else shown="\${shown}n"; fi ;;
  esac
done
while [ -n "$kinds" ]; do
  case $kinds in o*) ;; *) shift ;; esac
  kinds=\${kinds#?}
done
[ $# -gt 0 ] || exit 0
printf '%s' "$mark"
sha256sum "$@"
printf '%s' "$mark"
while [ -n "$shown" ]; do
  path=$1
  shift
  case $shown in y*) set -- "$@" "$path" ;; esac
  shown=\${shown#?}
done
[ $# -gt 0 ] || exit 0
cat "$@"
`

/** @returns what was seen of each; undefined where it is to be looked at by itself */
async function lookAtMany(
  remote: Pick<Remote, 'run'>,
  items: readonly PathItem[],
): Promise<(PathSight | undefined)[]> {
  const mark = randomBytes(16).toString('hex')
  const args = items.flatMap(({ path, follow, shown }) => [path, follow ? 'follow' : '', String(shown)])
  const { stdout } = await runScript({ remote }, SCRIPT, [mark, ...args])
  return readSights(items, splitAt(stdout, mark)) ?? []
}

/** Pure: reads the parts that the script prints; null where they do not fit together. */
function readSights(items: readonly PathItem[], parts: readonly Buffer[]): (PathSight | undefined)[] | null {
  const [, first, statPart, ...others] = parts
  if (first === undefined || statPart === undefined) return null
  const [kinds = '', uid = '', gid = ''] = first.toString('latin1').split(' ')
  const lines = statPart.toString('utf8').split('\n')
  const errors = lines.filter((line) => line.startsWith('stat: '))
  const rows = lines.filter((line) => line !== '' && !line.startsWith('stat: '))
  const letters = kinds.split('')
  const there = letters.filter((kind) => kind === 'x').length
  const absent = letters.filter((kind) => kind === 'p' || kind === 'm').length
  const areAbsent = errors.every((line) => /: (No such file or directory|Not a directory)$/.test(line))
  if (letters.length !== items.length || rows.length !== 3 * there || errors.length !== absent || !areAbsent)
    return null
  const heads = Array.from({ length: there }, (_, at) => rows.slice(3 * at, 3 * at + 3).join('\n'))
  const links = heads.filter((head) => head.startsWith('a')).length
  const targets = others.slice(0, links)
  const bodies = fileBodies(
    items.filter((_, at) => letters[at] === 'x').map(({ shown }) => shown),
    heads,
    others.slice(links),
  )
  if (targets.length !== links || bodies === null) return null
  return items.map(({ path }, at) => {
    const kind = letters[at]
    if (kind === 'o') return undefined
    if (kind === 'p' || kind === 'm') {
      const parent = kind === 'p' ? 'present' : 'missing'
      return { at: path, head: `absent ${parent} ${uid} ${gid}`, body: Buffer.alloc(0) }
    }
    const head = heads.shift() ?? ''
    const body = head.startsWith('a')
      ? targets.shift()
      : head.startsWith('8')
        ? bodies.shift()
        : Buffer.alloc(0)
    return { at: path, head, body: body ?? Buffer.alloc(0) }
  })
}

/** Cuts the bytes of all files by their sizes; that they were cut where they should be is proven by their digests. */
function fileBodies(
  limits: readonly number[],
  heads: readonly string[],
  parts: readonly Buffer[],
): Buffer[] | null {
  const sizes = heads.map((head) => Number(head.split(/[ \n]/)[1]))
  const files = heads.flatMap((head, at) => (head.startsWith('8') ? [at] : []))
  if (files.length === 0) return []
  const [digestPart, bytes] = parts
  if (digestPart === undefined || bytes === undefined) return null
  const digests = digestPart
    .toString('latin1')
    .split('\n')
    .flatMap((line) => /^([0-9a-f]{64}) [ *]/.exec(line)?.[1] ?? [])
  if (digests.length !== files.length) return null
  const bodies: Buffer[] = []
  let from = 0
  for (const [index, at] of files.entries()) {
    const [size = 0, digest = ''] = [sizes[at], digests[index]]
    if (size > (limits[at] ?? -1)) {
      bodies.push(Buffer.from(`sha256\0${digest}`))
      continue
    }
    const content = bytes.subarray(from, from + size)
    if (createHash('sha256').update(content).digest('hex') !== digest) return null
    bodies.push(Buffer.concat([Buffer.from('content\0'), content]))
    from += size
  }
  return from === bytes.length ? bodies : null
}

function splitAt(bytes: Buffer, mark: string): Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  for (;;) {
    const at = bytes.indexOf(mark, from, 'latin1')
    parts.push(bytes.subarray(from, at < 0 ? undefined : at))
    if (at < 0) return parts
    from = at + mark.length
  }
}
