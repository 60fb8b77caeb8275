import type { BlockDevice } from './facts.ts'

type Fields = ReadonlyMap<string, string>

/**
 * Joins what three sources say of block devices.
 *
 * @param devices lines of `lsblk -P -b -p`; a device below two parents (RAID, LVM over two disks) comes twice
 * @param signatures output of `blkid -p -o export`
 * @param mounts lines of /proc/self/mountinfo
 */
export function parseBlockDevices(
  devices: readonly string[],
  signatures: string,
  mounts: readonly string[],
): BlockDevice[] {
  const rows = devices.map(pairs).filter((row) => value(row, 'NAME') !== null)
  const pathOfKernelName = new Map(rows.map((row) => [row.get('KNAME') ?? '', devicePath(row)]))
  const probed = parseSignatures(signatures)
  const mounted = parseMounts(mounts)
  const found = new Map<string, BlockDevice>()
  for (const row of rows) {
    const path = devicePath(row)
    const size = Number(row.get('SIZE') ?? 0)
    const type = typeOf(row)
    if (found.has(path) || !Number.isSafeInteger(size) || (size === 0 && type !== 'rom')) continue
    const probe = probed.get(row.get('NAME') ?? '')
    const parent = value(row, 'PKNAME')
    const shown = value(row, 'MOUNTPOINT')
    const points = mounted.get(row.get('MAJ:MIN') ?? row.get('MAJ_MIN') ?? '') ?? []
    found.set(path, {
      path,
      type,
      size,
      readOnly: row.get('RO') === '1',
      parent: parent === null ? null : (pathOfKernelName.get(parent) ?? parent),
      signature: probe?.get('TYPE') ?? value(row, 'FSTYPE') ?? probe?.get('PTTYPE') ?? null,
      uuid: probe?.get('UUID') ?? value(row, 'UUID'),
      label: probe?.get('LABEL') ?? value(row, 'LABEL'),
      mountpoints: shown === null || points.includes(shown) ? points : [...points, shown],
    })
  }
  return [...found.values()]
}

const value = (row: Fields, name: string): string | null => row.get(name) || null

/** `KEY="value"` pairs; lsblk writes what is special in a value as `\x20`. */
function pairs(line: string): Fields {
  const all = line.matchAll(/([A-Z][A-Z:_]*)="([^"]*)"/g)
  return new Map([...all].map(([, name = '', text = '']) => [name, unescaped(text)]))
}

/** Undoes `\x20` byte by byte, so that letters beyond ASCII come out whole. */
function unescaped(text: string): string {
  if (!text.includes('\\x')) return text
  const bytes = text
    .split(/(\\x[0-9a-fA-F]{2})/)
    .map((part, index) => (index % 2 === 1 ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)))
  return Buffer.concat(bytes).toString('utf8')
}

/** Logical volumes have names that people know: `/dev/mapper/open--vz-root` is `/dev/open-vz/root`. */
function devicePath(row: Fields): string {
  const name = row.get('NAME') ?? ''
  const [, group, volume] = /^\/dev\/mapper\/((?:[^-]|--)+)-((?:[^-]|--)+)$/.exec(name) ?? []
  if (row.get('TYPE') !== 'lvm' || group === undefined || volume === undefined) return name
  return `/dev/${group.replaceAll('--', '-')}/${volume.replaceAll('--', '-')}`
}

function typeOf(row: Fields): BlockDevice['type'] {
  const type = row.get('TYPE') ?? ''
  if (/^\/dev\/drbd\d+$/.test(row.get('KNAME') ?? '')) return 'drbd'
  if (type.startsWith('raid')) return 'raid'
  const known = ['disk', 'part', 'lvm', 'crypt', 'rom', 'loop'] as const
  return known.find((name) => name === type) ?? 'other'
}

/** By device; `blkid -o export` separates devices with empty lines and quotes with backslashes. */
function parseSignatures(text: string): Map<string, Fields> {
  const found = new Map<string, Fields>()
  for (const block of text.split(/\n\s*\n|\n(?=DEVNAME=)/)) {
    const fields = new Map(
      block.split('\n').flatMap((line) => {
        const [, name, quoted] = /^([A-Z_]+)=(.*)$/.exec(line) ?? []
        return name === undefined || quoted === undefined
          ? []
          : [[name, quoted.replace(/\\(.)/g, '$1')] as const]
      }),
    )
    const device = fields.get('DEVNAME')
    if (device !== undefined) found.set(device, fields)
  }
  return found
}

/** Mount points by device number; proc(5): the third field is the number, the fifth the mount point. */
function parseMounts(lines: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of lines) {
    const [, , number, , point] = line.split(' ')
    if (number === undefined || point === undefined) continue
    const path = point.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
    const points = found.get(number) ?? []
    if (!points.includes(path)) points.push(path)
    found.set(number, points)
  }
  return found
}
