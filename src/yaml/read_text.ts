import { readFileSync, statSync } from 'node:fs'
import { BringupError } from '../errors.ts'

/** Far above any inventory; what is larger was not meant. */
const LARGEST = 8 * 1024 * 1024

/**
 * Reads a file of UTF-8 text.
 * @param path absolute
 * @param shown as people are to see it
 * @throws BringupError FILE_UNREADABLE
 */
export function readText(path: string, shown: string): string {
  const unreadable = (why: string, remedy: string, cause?: unknown): BringupError =>
    new BringupError('FILE_UNREADABLE', `${shown} ${why}`, { remedy, cause })
  try {
    const found = statSync(path)
    if (found.isDirectory()) throw unreadable('is a directory', 'Name a file.')
    if (found.size > LARGEST)
      throw unreadable('is larger than 8 MiB', 'Check that this is the file you meant.')
    // A pipe is fine, as of `<(command)`; a device never ends.
    if (found.isCharacterDevice() || found.isBlockDevice() || found.isSocket())
      throw unreadable('is a device', 'Name a file.')
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    if (error instanceof BringupError) throw error
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
