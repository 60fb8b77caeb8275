import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Of larger files (bytes) size and time stand for the content: a role may bring a disk image. */
const LARGE = 256 * 1024

/** A short text that is the same as long as the files of a role are; what can't be read counts as being there. */
export function filesDigest(directory: string): string {
  const hash = createHash('sha256')
  for (const path of filesBelow(directory)) {
    hash.update(`${relative(directory, path)}\0`)
    hash.update(contentOf(path))
  }
  return hash.digest('base64url').slice(0, 22)
}

function filesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(directory, entry.name)
        return entry.isDirectory() ? filesBelow(path) : [path]
      })
  } catch {
    return []
  }
}

function contentOf(path: string): string | Buffer {
  try {
    const found = statSync(path)
    const { size, mtimeMs } = found
    return found.isFile() && size <= LARGE ? readFileSync(path) : `${size} ${mtimeMs}\0`
  } catch {
    return '\0'
  }
}
