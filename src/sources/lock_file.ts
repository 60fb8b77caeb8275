import { existsSync, statSync } from 'node:fs'
import { realpath, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { SOURCES_LOCK, readSourcesLock } from '../drbd/sources_lock.ts'
import type { SourcesLock } from '../drbd/sources_lock.ts'
import { withSource } from '../drbd/sources_lock_text.ts'
import { BringupError } from '../errors.ts'
import { resolveFrom, shownPath } from '../path.ts'
import type { Problems } from '../problems.ts'
import { readText } from '../yaml/read_text.ts'

/** Where the lock of sources is: beside the inventory, the first where there are several; in it, where it is a directory. */
export function sourcesLockFile(inventory: readonly string[], cwd: string): string {
  const path = resolveFrom(cwd, inventory[0] ?? '.')
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return join(isDirectory ? path : dirname(path), SOURCES_LOCK)
}

/** What is locked; nothing where there is no file. What is wrong with it is added to the problems. */
export function readLockFile(file: string, cwd: string, problems: Problems): SourcesLock {
  if (!existsSync(file)) return new Map()
  const shown = shownPath(cwd, file)
  try {
    return readSourcesLock({ text: readText(file, shown), file: shown, directory: dirname(file) }, problems)
  } catch (error) {
    problems.take(error)
    return new Map()
  }
}

/**
 * Adds a source to the lock; what else is in it stays as it is.
 * @throws BringupError WRITE_FAILED, SOURCES_LOCK_INVALID
 */
export async function addToLockFile(
  file: string,
  cwd: string,
  source: { readonly name: string; readonly sha256: string; readonly from: string },
): Promise<void> {
  const shown = shownPath(cwd, file)
  const text = withSource(existsSync(file) ? readText(file, shown) : '', source)
  try {
    // A link stays one.
    const real = await realpath(file).catch(() => file)
    await writeFile(`${real}.new`, text, { flush: true })
    await rename(`${real}.new`, real)
  } catch (error) {
    throw new BringupError('WRITE_FAILED', `${source.name} can not be written to ${shown}`, {
      seen: error instanceof Error ? error.message : String(error),
      remedy: 'Make the directory of the inventory writable for you, and run again.',
      cause: error,
    })
  }
}
