import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { BringupError } from '../../src/errors.ts'
import { mountsBelow, mountsUsing, unmountAll } from './mounts.ts'

/** The mirror moves on, and files that its old indexes name vanish from it. */
const maxAgeMs = 7 * 24 * 3600 * 1000

export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'bringup/lab')
}

/** A short name of everything that decides what a cached folder holds. */
export function keyOf(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12)
}

/**
 * A folder `NAME-…` in a cache, built where it is missing or older than a week. Others of its family (their names begin
 * with it) go, unless a running lab stands on them. Call it under a lock of the family's.
 *
 * @param build fills an empty folder; a failed one leaves nothing behind
 */
export async function cached(
  cache: string,
  family: string,
  name: string,
  build: (into: string) => Promise<void>,
): Promise<string> {
  await mkdir(cache, { recursive: true, mode: 0o700 })
  const relatives = (await readdir(cache)).filter((entry) => entry.startsWith(`${family}-`))
  for (const entry of relatives.filter((relative) => relative.startsWith(`${name}-`))) {
    if (await isFresh(join(cache, entry))) return join(cache, entry)
  }
  for (const entry of relatives) {
    if ((await mountsUsing(join(cache, entry))).length > 0) continue
    await remove(join(cache, entry))
  }
  const made = join(cache, `${name}-${randomUUID().slice(0, 8)}`)
  try {
    await mkdir(made)
    await build(made)
    await writeFile(readyMark(made), '')
    return made
  } catch (error) {
    // Why the build failed is to be told; what could not be removed is met again by the next one.
    await remove(made).catch(() => undefined)
    throw error
  }
}

/**
 * A build that was cut off leaves what it had mounted, this machine's /sys and /dev/pts among it: never to be deleted
 * through, and what is in the way is not deleted in any time.
 */
async function remove(folder: string): Promise<void> {
  await unmountAll(folder)
  const [mounted] = await mountsBelow(folder)
  if (mounted !== undefined)
    throw new BringupError('LAB_FAILED', `${mounted} of a build that was cut off is still mounted`, {
      remedy: `Unmount it: umount ${mounted}`,
    })
  // The build may still be writing there, for the moment until the reaper comes.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

/** Written last, so that a build that died is never taken for a finished one. */
const readyMark = (folder: string): string => join(folder, 'ready')

async function isFresh(folder: string): Promise<boolean> {
  const mark = await stat(readyMark(folder)).catch(() => undefined)
  return mark !== undefined && Date.now() - mark.mtimeMs < maxAgeMs
}
