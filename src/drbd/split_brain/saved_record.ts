import * as z from 'zod'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** What a folder of a split brain holds, written when all of it was compared with the disk. Sizes are bytes. */
const savedRecord = z.strictObject({
  resource: z.string().min(1),
  victim: z.string().min(1),
  survivors: z.array(z.string().min(1)).min(1),
  /** When it was complete, UTC. */
  at: z.string().min(1),
  /** `changes`: the blocks that the victim's bitmap named; `disk`: all of it. */
  what: z.enum(['changes', 'disk']),
  volumes: z.array(
    z.strictObject({
      volume: z.int().min(0),
      disk: z.string().min(1),
      /** Of the volume, and of the sparse file. */
      size: z.int().min(0),
      ranges: z.int().min(0),
      bytes: z.int().min(0),
      /** Of the bytes in the ranges, one after the other. */
      sha256,
    }),
  ),
})

export type SavedRecord = z.output<typeof savedRecord>

export const RECORD = 'saved.json'

export const recordText = (record: SavedRecord): string =>
  `${JSON.stringify(savedRecord.parse(record), null, 2)}\n`

/** @returns undefined where it is none: such a folder counts as one that was never finished */
export function parseRecord(text: string): SavedRecord | undefined {
  try {
    return savedRecord.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** `r0-20261121T220332Z`: one folder for each save, so that none goes over another. */
export function folderName(resource: string, at: Date): string {
  return `${resource}-${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Whether a folder is one of this resource: `r0-20…` and not that of `r0-20`. */
export function isFolderOf(resource: string, name: string): boolean {
  return name.startsWith(`${resource}-`) && /^\d{8}T\d{6}Z$/.test(name.slice(resource.length + 1))
}
