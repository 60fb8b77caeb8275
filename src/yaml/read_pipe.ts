import { closeSync, constants, openSync, readSync } from 'node:fs'
import type { Bytes, Seconds } from '../connection/remote.ts'

/** In milliseconds. */
const PAUSE = 10

/**
 * All that a pipe gives, as of `<(command)`, or null where it has no writer for too long: merely to open such a one would
 * wait for ever without a word. A writer that is there has all the time it needs: it may be asking for a password.
 * @throws RangeError when there is more than `most`
 */
export function readPipe(
  path: string,
  { most, patience }: { most: Bytes; patience: Seconds },
): Buffer | null {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const chunks: Buffer[] = []
    let size = 0
    let waited = 0
    for (;;) {
      const chunk = Buffer.alloc(64 * 1024)
      const read = readNow(descriptor, chunk)
      // The end of a pipe that has given nothing is that of one nobody has opened for writing yet.
      if (read === 0 && size > 0) return Buffer.concat(chunks)
      if (read === 0 && waited >= patience * 1000) return null
      if (read === 0 || read === null) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)
        waited += read === 0 ? PAUSE : 0
        continue
      }
      size += read
      if (size > most) throw new RangeError('more than that')
      chunks.push(chunk.subarray(0, read))
    }
  } finally {
    closeSync(descriptor)
  }
}

/** How many bytes, or null where there is a writer that has not written anything yet. */
function readNow(descriptor: number, chunk: Buffer): number | null {
  try {
    return readSync(descriptor, chunk)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null
    throw error
  }
}
