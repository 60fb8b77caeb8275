import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { PassThrough } from 'node:stream'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdDecompress } from 'node:zlib'
import { BringupError } from '../errors.ts'
import type { ArchiveEntry } from './archive_entries.ts'

/** What a tar is compressed with; known by its first bytes. */
export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd'

const MAGIC: readonly (readonly [Compression, string])[] = [
  ['gzip', '1f8b'],
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
]

export async function compressionOf(path: string): Promise<Compression> {
  const file = await open(path)
  try {
    const head = Buffer.alloc(6)
    await file.read(head, 0, head.length, 0)
    const hex = head.toString('hex')
    return MAGIC.find(([, magic]) => hex.startsWith(magic))?.[0] ?? 'none'
  } finally {
    await file.close()
  }
}

/**
 * A tar as every host's tar(1) can read it: as it is where it is plain or gzipped, else without its compression, since
 * small systems come without xz and bzip2.
 */
export async function openTar(path: string): Promise<{ stream: Readable; gzip: boolean }> {
  const compression = await compressionOf(path)
  const source = createReadStream(path)
  if (compression === 'none' || compression === 'gzip')
    return { stream: source, gzip: compression === 'gzip' }
  if (compression === 'zstd') return { stream: piped(source, createZstdDecompress()), gzip: false }
  source.destroy()
  return { stream: decompressed(compression, path), gzip: false }
}

/** The headers of a tar's entries, in order. @throws BringupError ARCHIVE_UNSAFE where it is no whole tar */
export async function listTar(path: string): Promise<ArchiveEntry[]> {
  const { Parser } = await import('tar')
  const entries: ArchiveEntry[] = []
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      entries.push({ path: entry.path, type: entry.type, link: entry.linkpath ?? null })
      entry.resume()
    },
  })
  const { stream } = await openTar(path)
  const ended = new Promise<void>((resolve, reject) => {
    parser.on('end', resolve)
    parser.on('error', reject)
    stream.on('error', reject)
  })
  stream.on('data', (chunk: Buffer) => {
    if (!parser.write(chunk)) {
      stream.pause()
      parser.once('drain', () => stream.resume())
    }
  })
  stream.on('end', () => parser.end())
  try {
    await ended
  } catch (error) {
    stream.destroy()
    if (error instanceof BringupError) throw error
    throw new BringupError('ARCHIVE_UNSAFE', `${path} is not a tar that can be read to its end`, {
      seen: error instanceof Error ? error.message : String(error),
      remedy: 'Look whether the download is what it should be.',
      cause: error,
    })
  }
  return entries
}

/** A pipe whose errors come out at its end. */
function piped(source: Readable, through: NodeJS.ReadWriteStream): Readable {
  const end = new PassThrough()
  pipeline(source, through, end).catch((error: unknown) => end.destroy(error as Error))
  return end
}

/** xz and bzip2 are not in Node: the controller's own commands do it. */
function decompressed(command: 'xz' | 'bzip2', path: string): Readable {
  const child = spawn(command, ['-dc', '--', path], { stdio: ['ignore', 'pipe', 'pipe'] })
  const end = new PassThrough()
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stdout.pipe(end, { end: false })
  end.on('close', () => child.kill())
  child.on('error', () =>
    end.destroy(
      new BringupError('FILE_UNREADABLE', `${command} is needed on the controller to unpack ${path}`, {
        remedy: `Install ${command} on the controller, or use an archive that is gzipped.`,
      }),
    ),
  )
  child.on('close', (code) => {
    if (code === 0) end.end()
    else end.destroy(new Error(said.trim() || `${command} ended with ${code}`))
  })
  return end
}
