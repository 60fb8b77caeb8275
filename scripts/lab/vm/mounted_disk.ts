import { BringupError } from '../../../src/errors.ts'
import type { Bytes } from '../../../src/connection/remote.ts'
import type { local } from '../local.ts'
import { waitFor } from '../wait.ts'

/** Where the partition of a disk begins; the boot loader's first part lies before it. */
export const PARTITION: Bytes = 1024 ** 2

type Local = typeof local

/**
 * Mounts the partition of a disk image. A node that boots meanwhile takes a copy of every mount into its own namespace, and
 * would hold this one for as long as it runs: the mount is put on a shared one, so that unmounting reaches the copies.
 */
export async function mountDisk(disk: string, point: string, { local }: { local: Local }): Promise<void> {
  await local()`mount --bind ${point} ${point}`
  await local()`mount --make-shared ${point}`
  await local()`mount -o ${`loop,offset=${PARTITION}`} ${disk} ${point}`
}

/**
 * Takes it away again, with everything written: nobody may boot or copy a disk that is still mounted somewhere.
 *
 * @throws BringupError LAB_FAILED when some process keeps it
 */
export async function unmountDisk(disk: string, point: string, { local }: { local: Local }): Promise<void> {
  await local()`umount ${point}`
  await local()`umount ${point}`
  try {
    await waitFor(
      'the loop device to go',
      async () => ((await local()`losetup --associated ${disk}`).stdout === '' ? true : undefined),
      { seconds: 60, everyMs: 100 },
    )
  } catch (error) {
    throw new BringupError('LAB_FAILED', `the disk ${disk} is still mounted in another namespace`, {
      cause: error,
      remedy: 'Some process that began meanwhile keeps it. Raise the lab again.',
    })
  }
}
