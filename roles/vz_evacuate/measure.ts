import { BringupError } from 'bringup'
import type { ReadContext } from 'bringup'
import { output } from '../../src/operations/host_script.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'

/** How much there is to copy, and how much room. Sizes in KiB. */
export interface Measured {
  readonly used: number
  readonly files: number
  /** Of the file system of /vz. */
  readonly whole: number
  readonly place: {
    /** `ext4`, `xfs`, `tmpfs`, … */
    readonly type: string
    /** Whether it is the file system of /vz itself. */
    readonly isSource: boolean
    readonly free: number
    /** Undefined where the file system makes them as needed. */
    readonly freeInodes: number | undefined
    /** What is in the folder already, which an earlier run copied. */
    readonly there: number
    readonly filesThere: number
    readonly exists: boolean
  }
}

// df of EL 7 has --output, but not for what is not there yet.
const SCRIPT = `
to=$1 at=$1
while [ ! -e "$at" ]; do at=\${at%/*}; at=\${at:-/}; done
set -- $(df -P -T -k -- "$at" | tail -n 1); type=$2 free=$5
set -- $(df -P -i -- "$at" | tail -n 1); inodes=$4
set -- $(df -P -k ${VZ} | tail -n 1); whole=$2
same=no; [ "$(stat -L -c %d -- "$at")" != "$(stat -c %d ${VZ})" ] || same=yes
used=$(du -s -x -k ${VZ}) || exit
files=$(find ${VZ} -xdev -printf .) || exit
etc=$(du -s -k -L /etc/vz 2>/dev/null) || etc=0
there=0 found= exists=no
if [ -e "$to" ] || [ -L "$to" ]; then
  exists=yes; there=$(du -s -x -k -- "$to") || exit; found=$(find "$to" -xdev -mindepth 1 -printf .) || exit
fi
printf '%s\\n' "$((\${used%%[!0-9]*} + \${etc%%[!0-9]*}))" "\${#files}" "$whole" "$type" "$same" "$free" "$inodes" "\${there%%[!0-9]*}" "\${#found}" "$exists"`

export async function measure(context: ReadContext, to: string): Promise<Measured> {
  const text = (await output(context, `measure ${VZ}`, SCRIPT, [to])).toString()
  const [used, files, whole, type = '', same, free, inodes, there, filesThere, exists] = text.split('\n')
  return {
    used: Number(used),
    files: Number(files),
    whole: Number(whole),
    place: {
      type,
      isSource: same === 'yes',
      free: Number(free),
      freeInodes: Number(inodes) > 0 ? Number(inodes) : undefined,
      there: Number(there),
      filesThere: Number(filesThere),
      exists: exists === 'yes',
    },
  }
}

/** File systems that keep all that ext4 and xfs do, and keep it over a power cut. */
const TYPES = ['ext4', 'xfs', 'ext3', 'btrfs']

/**
 * Why /vz cannot be copied there, or could not come back; undefined where it can.
 * @param begun whether the folder is that of an evacuation of ours
 */
export function noPlace(
  { used, files, whole, place }: Measured,
  to: string,
  begun: boolean,
): BringupError | undefined {
  const { type, isSource, free, freeInodes, there, filesThere, exists } = place
  const refused = (message: string, expected: string, seen: string, remedy: string): BringupError =>
    new BringupError('REFUSED', message, {
      expected,
      seen,
      remedy: `Nothing was stopped or changed. ${remedy}`,
    })
  if (exists && !begun && filesThere > 0)
    return refused(
      `${to} is there already, and is not of this evacuation`,
      'a folder that is made here',
      `${filesThere} files and folders in it, ${gib(there)}`,
      'Move it away where it is not needed, or name another folder: evacuation.to.',
    )
  if (isSource || !TYPES.includes(type))
    return refused(
      `${to} is no place for the only copy of ${VZ}`,
      `another file system than that of ${VZ}: ${TYPES.join(', ')}`,
      isSource ? `it is on the same file system as ${VZ}` : type,
      'Name a folder on another disk of this node: evacuation.to.',
    )
  // For each file some metadata, and its lines in the manifests.
  const needed = Math.ceil(used * 1.01) + files * 2 + 16 * 1024
  if (needed > free + there)
    return refused(
      `${to} has not enough room for ${VZ}`,
      `${gib(needed - there)} free`,
      `${gib(free)} free; ${VZ} holds ${gib(used)} in ${files} files`,
      'Make room there, or name a folder on another file system: evacuation.to.',
    )
  if (freeInodes !== undefined && files * 1.01 + 100 > freeInodes + filesThere)
    return refused(
      `${to} has not enough inodes for ${VZ}`,
      `${files} inodes free`,
      String(freeInodes),
      'Name a folder on another file system: evacuation.to.',
    )
  // DRBD keeps its metadata at the end of the disk, and the new file system is so much smaller.
  if (used > whole * 0.99)
    return refused(
      `${VZ} is too full to come back`,
      'less than 99 % of it used: the metadata of DRBD take room on the same disk',
      `${gib(used)} of ${gib(whole)}`,
      'Remove what is not needed from it, or enlarge the volume.',
    )
  return undefined
}

const gib = (kib: number): string =>
  kib < 1024 * 1024 ? `${(kib / 1024).toFixed(1)} MiB` : `${(kib / 1024 / 1024).toFixed(1)} GiB`
