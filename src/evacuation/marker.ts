import * as z from 'zod'
import { BringupError } from '../errors.ts'
import { absolutePath } from '../operations/params.ts'

/** On the node whose /vz it is about; with it a run that comes later knows how far an earlier one got. */
export const MARKER_PATH = '/var/lib/bringup/vz_evacuate.json'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const fileSystem = z.strictObject({ type: z.enum(['ext4', 'xfs']), uuid: z.string().min(1) })

/** Where the copy is, and the digests of its manifests. */
const copy = z.strictObject({ to: absolutePath, vz: sha256, etc: sha256.nullable() })

/**
 * How far the evacuation of a node's /vz is.
 *
 * - `copying`: /vz is the only complete copy; nothing may be done to it but reading
 * - `wiping`: the copy was compared, and is the only complete one from now on: /vz is never mounted or copied again. Where
 *   `copy` is null, the operator gave up what was in it
 * - `evacuated`: its device is blank
 * - `restoring`: the copy goes onto the file system `onto`, which was empty
 * - `restored`: it was compared there. `copy` is null once it has been removed
 */
const marker = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('copying'), was: fileSystem, to: absolutePath }),
  z.strictObject({
    phase: z.literal('wiping'),
    was: fileSystem,
    copy: copy.nullable(),
    /** The digest of the device's first bytes, which change whenever it is mounted and written to; null where given up. */
    head: sha256.nullable(),
  }),
  z.strictObject({ phase: z.literal('evacuated'), was: fileSystem, copy: copy.nullable() }),
  z.strictObject({ phase: z.literal('restoring'), was: fileSystem, copy, onto: fileSystem }),
  z.strictObject({ phase: z.literal('restored'), was: fileSystem, copy: copy.nullable(), onto: fileSystem }),
])

export type Marker = z.output<typeof marker>
export type FileSystem = z.output<typeof fileSystem>
export type Copy = z.output<typeof copy>

/** @returns null where there is none @throws BringupError REFUSED where it cannot be read: nobody may guess then */
export function parseMarker(text: string | null): Marker | null {
  if (text === null || text.trim() === '') return null
  try {
    return marker.parse(JSON.parse(text))
  } catch (cause) {
    throw new BringupError('REFUSED', `${MARKER_PATH} is not what an evacuation writes`, {
      cause,
      seen: text.slice(0, 400),
      remedy:
        'It says which copy of /vz is the complete one: see what is in the copy and on the disk, and put it right by hand.',
    })
  }
}

export const markerText = (value: Marker): string => `${JSON.stringify(marker.parse(value), null, 2)}\n`
