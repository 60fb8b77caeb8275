import { output } from './host_script.ts'
import type { ReadContext } from './operation.ts'

export interface Mounted {
  /** As the kernel names it; a device by its last name, with all symlinks followed. */
  readonly source: string
  readonly type: string
  /** Of the mount and of the filesystem. */
  readonly options: readonly string[]
}

export interface MountPoint {
  /** What is visible at the path; null where nothing is mounted. */
  readonly mounted: Mounted | null
  /** What the wanted spec leads to; null where there is no such device (yet). */
  readonly device: string | null
  /** Whether files lie in the directory that a mount would hide. */
  readonly occupied: boolean
}

// proc(5): the fifth field of mountinfo is the mount point, with blanks as octal escapes, as in the source; what is
// mounted there last is what is seen. awk takes them from the environment, since it undoes escapes in its variables.
const SCRIPT = `
point=$1 spec=$3
POINT=$2
export POINT
case $spec in
  UUID=* | LABEL=* | PARTUUID=* | PARTLABEL=*) device=$(findfs "$spec" 2>/dev/null) ;;
  *) device=$spec ;;
esac
case $device in
  /dev/*) if [ -e "$device" ]; then device=$(readlink -f "$device"); else device=; fi ;;
esac
line=$(awk '$5 == ENVIRON["POINT"] { line = $0 } END { print line }' /proc/self/mountinfo)
set -f; set -- $line
source=
if [ $# -gt 0 ]; then
  options=$6
  while [ "$1" != - ]; do shift; done
  source=$3
  case $source in /dev/*) source=$(readlink -f "$source") ;; esac
  set -- "$2" "$options,$4"
fi
printf '%s\\0%s\\0%s\\0%s\\0' "$device" "$source" "$1" "$2"
if [ -n "$(find "$point" -mindepth 1 -maxdepth 1 2>/dev/null | head -n 1)" ]; then printf occupied; fi
printf '\\0'`

export async function readMountPoint(context: ReadContext, path: string, spec: string): Promise<MountPoint> {
  const escaped = path.replace(/[ \t\n\\]/g, (char) => `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)
  const text = await output(context, `look at ${path}`, SCRIPT, [path, escaped, spec])
  const [device = '', source = '', type = '', options = '', occupied = ''] = text.toString().split('\0')
  const mounted =
    source === '' ? null : { source: unescaped(source), type, options: [...new Set(options.split(','))] }
  return { mounted, device: device || null, occupied: mounted === null && occupied !== '' }
}

const unescaped = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
