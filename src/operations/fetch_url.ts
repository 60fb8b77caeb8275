import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '../connection/remote.ts'
import { lockFile } from './file_lock.ts'
import type { Begun } from './http_fetch.ts'

/** How often a connection that breaks off is taken up again, as long as each brings something. */
const MOST_TRIES = 5

export interface Fetched {
  /** On the controller: its digest in the directory that was named. */
  readonly file: string
  readonly sha256: string
}

/** Told of what is there of how much; null where the server does not say. */
export type Progress = (have: Bytes, of: Bytes | null) => void

/**
 * Fetches a URL into a directory, under its digest. It goes on where an earlier try was cut off, of this process or of one
 * before, where the server can tell that it is still the same thing.
 * @throws Error that says in a few words why not
 */
export async function fetchUrl(
  url: URL,
  directory: string,
  { signal, progress = () => {} }: { signal: AbortSignal; progress?: Progress },
): Promise<Fetched> {
  const part = join(directory, `${createHash('sha256').update(url.href).digest('hex').slice(0, 32)}.part`)
  const release = await lockFile(`${part}.lock`, signal)
  try {
    await fetchPart(url, part, { signal, progress })
    const sha256 = (await digestOfFile(part)) ?? ''
    const file = join(directory, sha256)
    await rename(part, file)
    await rm(validatorFile(part), { force: true })
    return { file, sha256 }
  } finally {
    await release()
  }
}

async function fetchPart(
  url: URL,
  part: string,
  options: { signal: AbortSignal; progress: Progress },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const begun = await readBegun(part)
    try {
      await append(url, part, begun, options)
      return
    } catch (error) {
      const left = await readBegun(part)
      if (left === null) await rm(part, { force: true })
      options.signal.throwIfAborted()
      const advanced = left !== null && left.size > (begun?.size ?? 0)
      if (!advanced || tries === MOST_TRIES) throw error
    }
  }
}

/** Gets what is missing, synced to disk. */
async function append(
  url: URL,
  part: string,
  begun: Begun | null,
  { signal, progress }: { signal: AbortSignal; progress: Progress },
): Promise<void> {
  // Only who downloads pays for loading node:http.
  const { openUrl } = await import('./http_fetch.ts')
  const { stream, from, size, validator } = await openUrl(url, signal, begun)
  const file = await open(part, from === 0 ? 'w' : 'a', 0o600)
  try {
    if (from === 0) await rm(validatorFile(part), { force: true })
    if (validator !== null) await writeFile(validatorFile(part), validator, { mode: 0o600 })
    let have = from
    const counted = async function* (): AsyncIterable<Buffer> {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        yield chunk
        have += chunk.length
        progress(have, size)
      }
    }
    await file.writeFile(counted(), { signal })
    await file.sync()
  } finally {
    stream.destroy()
    await file.close()
  }
}

/** What an earlier try has left that can be gone on with. */
async function readBegun(part: string): Promise<Begun | null> {
  const validator = await readFile(validatorFile(part), 'utf8').catch(() => '')
  const size = await stat(part).then(
    (found) => found.size,
    () => 0,
  )
  return validator === '' || size === 0 ? null : { size, validator }
}

const validatorFile = (part: string): string => `${part}.of`

/** Null where there is no such file. */
export async function digestOfFile(path: string): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return hash.digest('hex')
}
