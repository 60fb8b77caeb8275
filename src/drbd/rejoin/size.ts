import type { Bytes } from '../../connection/remote.ts'

const SECTOR = 512
/** The activity log and the superblock (drbd-utils, drbdmeta.c). */
const FIXED = 72
/** One bit for 4 KiB of the disk, for each peer; in sectors of the bitmap. */
const COVERED = 8 * 8 * SECTOR

const up = (sectors: number, to: number): number => Math.ceil(sectors / to) * to

/** What internal metadata leave of a disk for data, with room for so many peers. */
export function roomFor(disk: Bytes, slots: number): Bytes {
  const sectors = Math.floor(disk / SECTOR / 8) * 8
  return Math.max(0, sectors - metadataSectors(sectors, slots)) * SECTOR
}

/** The smallest disk that has room for the data and their metadata. */
export function diskFor(data: Bytes, slots: number): Bytes {
  const wanted = up(data / SECTOR, 8)
  let sectors = wanted
  while (sectors - metadataSectors(sectors, slots) < wanted)
    sectors = up(wanted + metadataSectors(sectors, slots), 8)
  return sectors * SECTOR
}

const metadataSectors = (disk: number, slots: number): number =>
  FIXED + up(slots * Math.ceil(disk / COVERED), 8)
