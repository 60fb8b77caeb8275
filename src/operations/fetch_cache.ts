import { createHash, randomBytes } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { link, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { BringupError } from '../errors.ts'
import type { ReadContext } from './operation.ts'

/** Something on the network, known by its digest; the URLs are tried in order. */
export interface Download {
  readonly urls: readonly string[]
  readonly sha256: string
}

/**
 * Where a download is on the controller. It is fetched once for all hosts and all runs, and kept under `.bringup/cache`
 * by its digest, which is checked whenever it is used.
 * @throws BringupError FETCH_FAILED with what each URL said
 */
export async function fetchOnce(
  context: Pick<ReadContext, 'controller' | 'signal'>,
  download: Download,
): Promise<string> {
  const directory = join(context.controller.projectDirectory, '.bringup', 'cache')
  const path = join(directory, download.sha256)
  await mkdir(directory, { recursive: true })
  const release = await lock(`${path}.lock`, context.signal)
  try {
    if ((await digestOfFile(path)) !== download.sha256)
      await fetchInto(directory, path, download, context.signal)
    return path
  } finally {
    await release()
  }
}

async function fetchInto(
  directory: string,
  path: string,
  { urls, sha256 }: Download,
  signal: AbortSignal,
): Promise<void> {
  await removeParts(directory, sha256)
  const part = join(directory, `${sha256}.part-${process.pid}-${randomBytes(6).toString('hex')}`)
  const said: string[] = []
  for (const url of urls) {
    signal.throwIfAborted()
    try {
      const digest = await save(new URL(url), part, signal)
      if (digest === sha256) return await rename(part, path)
      said.push(`${url}: what it gave has sha256 ${digest}`)
    } catch (error) {
      signal.throwIfAborted()
      said.push(`${url}: ${error instanceof Error ? error.message : String(error)}`)
    }
    await rm(part, { force: true })
  }
  throw new BringupError('FETCH_FAILED', 'cannot download what is wanted from any of its URLs', {
    expected: `sha256 ${sha256}`,
    seen: said.join('\n'),
    remedy: `Correct the URLs or the digest, or put the file at ${path}.`,
  })
}

/** Removes what processes that have died left half done. */
async function removeParts(directory: string, sha256: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = new RegExp(`^${sha256}\\.part-(\\d+)-`).exec(name)?.[1]
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(directory, name), { force: true })
  }
}

/** Writes what a URL gives to a new file, synced to disk. @returns its sha256 */
async function save(url: URL, path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  try {
    // Only who downloads pays for loading node:http.
    const { openUrl } = await import('./http_fetch.ts')
    const chunks = (await openUrl(url, signal)) as AsyncIterable<Buffer>
    await file.writeFile(hashing(chunks, hash), { signal })
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

async function* hashing(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncIterable<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

async function digestOfFile(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
  return hash.digest('hex')
}

/**
 * Makes a lock file that holds our process id, whole from its first moment; waits for the process whose it is, and takes
 * it from one that has died.
 */
async function lock(path: string, signal: AbortSignal): Promise<() => Promise<void>> {
  const mine = `${path}-${process.pid}-${randomBytes(6).toString('hex')}`
  await writeFile(mine, String(process.pid))
  try {
    for (;;) {
      signal.throwIfAborted()
      try {
        await link(mine, path)
        return () => rm(path, { force: true })
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error
      }
      const holder = await readFile(path, 'utf8').catch(() => null)
      if (holder !== null && !isAlive(Number(holder))) await rm(path, { force: true })
      else await wait(100, undefined, { signal })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
