import { BringupError } from '../errors.ts'

/** One entry of a tar, as its header says. */
export interface ArchiveEntry {
  readonly path: string
  readonly type: string
  /** Target of a symlink, or the entry that a hard link is another name of. */
  readonly link: string | null
}

const FILES = ['File', 'OldFile', 'ContiguousFile']

/**
 * The paths that unpacking makes, once it is certain that nothing of it comes to be outside of the directory it is
 * unpacked to: no absolute path, no `..`, no link that leads out, nothing that is written through a symlink, no device.
 *
 * @param strip leading components that are taken off every path, as tar's --strip-components
 * @throws BringupError ARCHIVE_UNSAFE that names the first entry at fault
 */
export function safePaths(entries: readonly ArchiveEntry[], strip: number): string[] {
  const kept = entries.flatMap((entry) => {
    const path = inside(entry, entry.path).slice(strip)
    return path.length === 0 ? [] : [{ entry, path }]
  })
  const symlinks = new Set(
    kept.flatMap(({ entry, path }) => (entry.type === 'SymbolicLink' ? [path.join('/')] : [])),
  )
  const files = new Set<string>()
  for (const { entry, path } of kept) {
    for (let depth = 1; depth < path.length; depth += 1)
      if (symlinks.has(path.slice(0, depth).join('/')))
        throw unsafe(entry, 'would be written through a symlink')
    if (FILES.includes(entry.type)) files.add(path.join('/'))
    else if (entry.type === 'SymbolicLink') checkSymlink(entry, path)
    else if (entry.type === 'Link') {
      if (
        !files.has(
          inside(entry, entry.link ?? '')
            .slice(strip)
            .join('/'),
        )
      )
        throw unsafe(entry, `is a hard link to ${entry.link}, which is no file before it in the archive`)
    } else if (entry.type !== 'Directory')
      throw unsafe(entry, `is neither file, directory nor link (${entry.type})`)
  }
  return [...new Set(kept.map(({ path }) => path.join('/')))]
}

/** The components of a path, where it stays inside. */
function inside(entry: ArchiveEntry, path: string): string[] {
  if (path.startsWith('/')) throw unsafe(entry, 'is an absolute path')
  // Lists of paths are kept one a line.
  if (/[\n\0]/.test(path)) throw unsafe(entry, 'has a line end in its name')
  const components = path.split('/').filter((component) => component !== '' && component !== '.')
  if (components.includes('..')) throw unsafe(entry, 'leads out with ".."')
  return components
}

/**
 * A symlink may go up only at its start, where it stands in real directories (nothing is written through a symlink),
 * and no further than the top; behind that, other symlinks on its way are as safe as itself.
 */
function checkSymlink(entry: ArchiveEntry, path: readonly string[]): void {
  const target = entry.link ?? ''
  const components = target.split('/').filter((component) => component !== '' && component !== '.')
  const down = components.findIndex((component) => component !== '..')
  const ups = down === -1 ? components.length : down
  const escapes = target.startsWith('/') || ups > path.length - 1 || components.slice(ups).includes('..')
  if (escapes) throw unsafe(entry, `is a symlink that leads out, to ${target}`)
}

const unsafe = (entry: ArchiveEntry, why: string): BringupError =>
  new BringupError('ARCHIVE_UNSAFE', `the archive is not unpacked: ${JSON.stringify(entry.path)} ${why}`, {
    remedy: 'Get the archive from a source that you trust, or take that entry out of it.',
  })
