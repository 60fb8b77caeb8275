import type { Bytes } from '../../connection/remote.ts'
import { refuse, fine } from '../verdict.ts'
import type { Verdict } from '../verdict.ts'
import { sizeText } from './explain.ts'

/** The file system that a save goes to. */
export interface Place {
  readonly folder: string
  /** `ext4`, `xfs`, `tmpfs`, … */
  readonly type: string
  readonly free: Bytes
  readonly size: Bytes
}

/** What a reboot would take with it. */
const PASSING = new Set(['tmpfs', 'ramfs', 'devtmpfs'])

/** How much of the file system stays free: that of a node that serves must not be filled up. */
const SPARE = 0.05

/**
 * Whether what is saved of a victim fits.
 * @param left what to do instead, for the remedy
 */
export function roomFor(bytes: Bytes, { folder, type, free, size }: Place, left: string): Verdict {
  if (PASSING.has(type))
    return refuse(`${folder} does not outlive a reboot`, {
      expected: 'a folder on a disk',
      seen: type,
      remedy: `Name another folder of the node: heal_save_to. ${left}`,
    })
  const needed = Math.ceil(bytes * 1.01) + 1024 * 1024 + Math.ceil(size * SPARE)
  if (needed <= free) return fine()
  const shown = (value: Bytes): string => sizeText(Math.ceil(value / 1024)) ?? ''
  return refuse(`${folder} has no room for what is to be saved`, {
    expected: `${shown(needed)} free: ${shown(bytes)}, and ${SPARE * 100} % of the file system to spare`,
    seen: `${shown(free)} free`,
    remedy: `Make room there, or name a folder on another file system of the node: heal_save_to. ${left}`,
  })
}
