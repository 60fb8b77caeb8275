import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { Bytes } from '../connection/remote.ts'
import { Secret } from '../secret.ts'
import { digestOf, LARGEST_SHOWN } from './path_state.ts'

/** What a file is to hold. */
export interface Content {
  readonly size: Bytes
  readonly sha256: string
  /** Null where it is too large to keep; then it comes from `file`. */
  readonly bytes: Buffer | null
  /** Where it is on the controller. */
  readonly file: string | null
  /** Never shown, not even as a diff. */
  readonly secret: boolean
}

/** Content that is at hand. */
export function contentOf(value: string | Buffer | Secret, secret = false): Content {
  const bytes = value instanceof Secret ? value.revealBytes() : Buffer.from(value)
  return {
    size: bytes.length,
    sha256: digestOf(bytes),
    bytes,
    file: null,
    secret: secret || value instanceof Secret,
  }
}

/** Content of a file on the controller, which is read as a stream where it is large. */
export async function contentOfFile(path: string, secret = false): Promise<Content> {
  const { size } = await stat(path)
  if (size <= LARGEST_SHOWN) return { ...contentOf(await readFile(path), secret), file: path }
  const hash = createHash('sha256')
  let length = 0
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    length += chunk.length
  }
  return { size: length, sha256: hash.digest('hex'), bytes: null, file: path, secret }
}

/** The text that bytes are, or null where they are not UTF-8 text. */
export function textOf(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** A size for people: `812 B`, `1.2 KiB`. */
export function sizeText(size: Bytes): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(Math.floor(Math.log2(Math.max(size, 1)) / 10), units.length - 1)
  const value = size / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
