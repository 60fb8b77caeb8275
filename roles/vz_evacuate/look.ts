import type { ReadContext } from '../../src/operations/operation.ts'
import { lookAtDevice } from '../../src/devices/look.ts'
import type { DeviceLook } from '../../src/devices/look.ts'
import { MARKER_PATH, parseMarker } from '../../src/evacuation/marker.ts'
import type { FileSystem, Marker } from '../../src/evacuation/marker.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'
import type { SeenDisk } from './decide.ts'

/** A node's /vz and the device that it is to be on. */
export interface SeenVz {
  readonly look: DeviceLook
  readonly disk: SeenDisk
  readonly marker: Marker | null
  /** Another device that is mounted at /vz. */
  readonly elsewhere: string | undefined
}

/** How many files are named of a /vz that is not empty. */
const NAMED = 5

/** Prints the digest of the first bytes of `$path`: of ext4 and xfs they change with every mount that writes. */
export const HEAD = `dd if="$path" bs=1M count=4 2>/dev/null | sha256sum | cut -c 1-64`

const MORE = `
section vz.marker
[ ! -e ${MARKER_PATH} ] || cat ${MARKER_PATH}
section vz.mounted
awk '$5 == "${VZ}" { line = $3; for (i = 1; i < NF; i++) if ($i == "-") line = line " " $(i + 2) } END { print line }' /proc/self/mountinfo
section vz.ends
# What a wipe zeros; on a large disk the data between its ends stay.
sectors=$(first_line "$sys/size")
if [ "$sectors" -le 16384 ]; then dd if="$path" bs=1M 2>/dev/null
else dd if="$path" bs=1M count=4 2>/dev/null; dd if="$path" bs=512 skip=$((sectors - 8192)) 2>/dev/null
fi | tr -d '\\0' | head -c 1 | wc -c
section vz.head
${HEAD}
section vz.files
if grep -q ' ${VZ} ' /proc/self/mountinfo; then find ${VZ} -xdev ! -type d -printf '%s bytes  %p\\n' 2>&1 | head -n ${NAMED}; fi`

/** @returns undefined where there is no such device */
export async function lookAtVz(context: ReadContext, device: string): Promise<SeenVz | undefined> {
  const looked = await lookAtDevice(context, device, MORE)
  if (looked === undefined) return undefined
  const { look, more } = looked
  const [number = '', source = ''] = more('vz.mounted').stdout.trim().split(' ')
  const mounted = number === look.number
  return {
    look,
    marker: parseMarker(more('vz.marker').stdout),
    elsewhere: number === '' || mounted ? undefined : source,
    disk: {
      ...contentOf(look, more('vz.ends').stdout.trim() === '0'),
      mounted,
      head: more('vz.head').stdout.trim(),
      files: mounted ? filesIn(more('vz.files').stdout) : null,
    },
  }
}

const filesIn = (text: string): string[] => text.split('\n').filter((line) => line !== '')

function contentOf(
  { content, partitions, attached }: DeviceLook,
  endsAreZero: boolean,
): Pick<SeenDisk, 'kind' | 'fileSystem'> {
  const { signatures, unreadable } = content
  const [first, ...more] = signatures
  const none = { fileSystem: undefined }
  if (attached !== undefined || signatures.some(({ type }) => type === 'drbd'))
    return { kind: 'drbd', ...none }
  if (unreadable !== undefined || partitions.length > 0 || more.length > 0) return { kind: 'other', ...none }
  if (first === undefined) return { kind: endsAreZero ? 'blank' : 'remains', ...none }
  const fileSystem = vzFileSystem(first)
  return fileSystem === undefined ? { kind: 'other', ...none } : { kind: 'file system', fileSystem }
}

function vzFileSystem({ type, uuid }: { type: string; uuid: string | undefined }): FileSystem | undefined {
  return (type === 'ext4' || type === 'xfs') && uuid !== undefined ? { type, uuid } : undefined
}
