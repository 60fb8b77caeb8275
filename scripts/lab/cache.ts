import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { mountsUsing } from './mounts.ts'

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
    // An interrupted build may still be writing there, for the moment until the reaper comes.
    await rm(join(cache, entry), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
  const made = join(cache, `${name}-${randomUUID().slice(0, 8)}`)
  try {
    await mkdir(made)
    await build(made)
    await writeFile(readyMark(made), '')
    return made
  } catch (error) {
    await rm(made, { recursive: true, force: true })
    throw error
  }
}

/** Written last, so that a build that died is never taken for a finished one. */
const readyMark = (folder: string): string => join(folder, 'ready')

async function isFresh(folder: string): Promise<boolean> {
  const mark = await stat(readyMark(folder)).catch(() => undefined)
  return mark !== undefined && Date.now() - mark.mtimeMs < maxAgeMs
}
