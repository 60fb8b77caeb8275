/** One signature that libblkid knows. */
export interface Signature {
  /** As blkid and wipefs name it: `ext4`, `LVM2_member`, `drbd`, `gpt`, … */
  readonly type: string
  readonly label: string | undefined
  readonly uuid: string | undefined
  /** For DRBD's own metadata: `v08`, `v09`. */
  readonly version: string | undefined
}

/** What stands on a block device. */
export interface DeviceContent {
  readonly signatures: readonly Signature[]
  /** Why it could not be told; nothing may be written then. */
  readonly unreadable: string | undefined
}

interface Said {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * What `blkid -p -o export DEV` and `wipefs -p DEV` say, put together: blkid stops at DRBD's metadata, which hides the
 * file system below it, and wipefs does not tell the version.
 */
export function deviceContent(blkid: Said, wipefs: Said): DeviceContent {
  const wiped = parseWipefs(wipefs.stdout)
  const known = parseBlkid(blkid.stdout)
  // 2: nothing recognised (blkid(8)); 8: several that contradict one another, which wipefs lists.
  const blkidFails = ![0, 2].includes(blkid.exitCode) && !(blkid.exitCode === 8 && wiped.length > 0)
  const failed = blkidFails ? blkid : wipefs.exitCode === 0 ? undefined : wipefs
  const signatures = [
    ...known.filter(({ type }) => !wiped.some((one) => one.type === type)),
    ...wiped.map((one) => ({ ...one, version: known.find(({ type }) => type === one.type)?.version })),
  ]
  return {
    signatures,
    unreadable:
      failed === undefined
        ? undefined
        : `exit ${failed.exitCode}: ${failed.stderr.trim() || 'it said nothing'}`,
  }
}

function parseBlkid(stdout: string): Signature[] {
  const keys = new Map(
    [...stdout.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value]),
  )
  const types = [keys.get('TYPE'), keys.get('PTTYPE')].filter((type) => type !== undefined)
  return types.map((type) => ({
    type,
    label: keys.get('LABEL'),
    uuid: keys.get('UUID'),
    version: keys.get('VERSION'),
  }))
}

/** `offset,uuid,label,type`, the form of all versions; a comment as heading in newer ones. */
function parseWipefs(stdout: string): Signature[] {
  return stdout
    .split('\n')
    .filter((line) => /^0x[0-9a-f]+,/.test(line))
    .map((line) => {
      const [, uuid = '', label = '', ...type] = line.split(',')
      return {
        type: type.join(','),
        label: label || undefined,
        uuid: uuid || undefined,
        version: undefined,
      }
    })
}

/** The signatures as people read them: `ext4 "data", LVM2_member`. */
export function shownSignatures(signatures: readonly Signature[]): string {
  return signatures.map(({ type, label }) => (label === undefined ? type : `${type} "${label}"`)).join(', ')
}
