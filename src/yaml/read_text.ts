import { readFileSync, statSync } from 'node:fs'
import type { Seconds } from '../connection/remote.ts'
import { BringupError } from '../errors.ts'
import { readPipe } from './read_pipe.ts'

/** Far above any inventory; what is larger was not meant. */
const LARGEST = 8 * 1024 * 1024

/**
 * Reads a file of UTF-8 text.
 * @param path absolute
 * @param shown as people are to see it
 * @param patience how long a pipe is waited for that nobody writes to
 * @throws BringupError FILE_UNREADABLE
 */
export function readText(path: string, shown: string, { patience = 5 }: { patience?: Seconds } = {}): string {
  const unreadable = (why: string, remedy: string, cause?: unknown): BringupError =>
    new BringupError('FILE_UNREADABLE', `${shown} ${why}`, { remedy, cause })
  const large = (): BringupError =>
    unreadable('is larger than 8 MiB', 'Check that this is the file you meant.')
  try {
    const found = statSync(path)
    if (found.isDirectory()) throw unreadable('is a directory', 'Name a file.')
    if (found.size > LARGEST) throw large()
    // A pipe is fine, as of `<(command)`; a device never ends.
    if (found.isCharacterDevice() || found.isBlockDevice() || found.isSocket())
      throw unreadable('is a device', 'Name a file.')
    const bytes = found.isFIFO() ? readPipe(path, { most: LARGEST, patience }) : readFileSync(path)
    if (bytes === null) throw unreadable('is a pipe that nobody writes to', 'Name a file.')
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof BringupError) throw error
    if (error instanceof RangeError) throw large()
    if (error instanceof TypeError) throw unreadable('is not UTF-8 text', 'Save it as UTF-8.', error)
    throw unreadable(...reason(error), error)
  }
}

function reason(error: unknown): [why: string, remedy: string] {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return ['is not there', 'Check the path, and the directory you are in.']
  if (code === 'EACCES' || code === 'EPERM') return ['may not be read by you', 'Check its owner and mode.']
  if (code === 'ELOOP') return ['is a symbolic link that leads to itself', 'Point it at a file.']
  return [`can not be read: ${message}`, 'Check the path.']
}
