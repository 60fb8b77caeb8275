import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BringupError } from '../errors.ts'
import { digestOfFile, fetchUrl } from './fetch_url.ts'
import { lockFile } from './file_lock.ts'
import type { ReadContext } from './operation.ts'

/** Something on the network, known by its digest; the URLs are tried in order. */
export interface Download {
  readonly urls: readonly string[]
  readonly sha256: string
}

/** Where the controller keeps what it has fetched, each under its digest. */
export const fetchCache = (projectDirectory: string): string => join(projectDirectory, '.bringup', 'cache')

/**
 * Where a download is on the controller. It is fetched once for all hosts and all runs, and kept under `.bringup/cache`
 * by its digest, which is checked whenever it is used.
 * @throws BringupError FETCH_FAILED with what each URL said
 */
export async function fetchOnce(
  context: Pick<ReadContext, 'controller' | 'signal'>,
  download: Download,
): Promise<string> {
  const directory = fetchCache(context.controller.projectDirectory)
  const path = join(directory, download.sha256)
  await mkdir(directory, { recursive: true })
  const release = await lockFile(`${path}.lock`, context.signal)
  try {
    if ((await digestOfFile(path)) !== download.sha256) await fetchInto(directory, download, context.signal)
    return path
  } finally {
    await release()
  }
}

async function fetchInto(directory: string, { urls, sha256 }: Download, signal: AbortSignal): Promise<void> {
  const said: string[] = []
  for (const url of urls) {
    try {
      const fetched = await fetchUrl(new URL(url), directory, { signal })
      if (fetched.sha256 === sha256) return
      await rm(fetched.file, { force: true })
      said.push(`${url}: what it gave has sha256 ${fetched.sha256}`)
    } catch (error) {
      signal.throwIfAborted()
      said.push(`${url}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new BringupError('FETCH_FAILED', 'cannot download what is wanted from any of its URLs', {
    expected: `sha256 ${sha256}`,
    seen: said.join('\n'),
    remedy: `Correct the URLs or the digest, or put the file at ${join(directory, sha256)}.`,
  })
}
