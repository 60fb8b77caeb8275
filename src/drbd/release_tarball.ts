import { BringupError } from '../errors.ts'
import type { ErrorDetails } from '../errors.ts'
import { safePaths } from '../operations/archive_entries.ts'
import type { ArchiveEntry } from '../operations/archive_entries.ts'
import type { Product, Release } from './versions.ts'

/** What a release brings and an archive of the same tag does not: made when LINBIT rolls the tarball. */
const MADE_FOR_RELEASE: Record<Product, readonly string[]> = {
  drbd: ['drbd/.drbd_git_revision'],
  'drbd-utils': ['.filelist', 'user/shared/drbd_buildtag.h'],
}

/**
 * Judges a tarball by the list of its entries, before anything of it is unpacked: it must be the release that was asked
 * for, as LINBIT rolls it, and no entry may come to lie outside of its one folder.
 *
 * @returns the name of that folder: `drbd-9.2.14`
 * @throws BringupError ARCHIVE_UNSAFE, SOURCE_WRONG
 */
export function checkReleaseTarball(entries: readonly ArchiveEntry[], wanted: Release): string {
  const paths = safePaths(entries, 0)
  const folder = onlyFolder(entries, paths, wanted)
  // Again as seen from inside of the folder: a link that stays in the tarball can still lead out of it.
  const files = new Set(safePaths(entries, 1))
  checkProduct(folder, wanted)
  const missing = MADE_FOR_RELEASE[wanted.product].filter((path) => !files.has(path))
  if (missing.length > 0) {
    throw wrong(wanted, 'is no release tarball, but an archive that GitHub (or git) made of a tag', {
      expected: MADE_FOR_RELEASE[wanted.product].join(' and '),
      seen: `no ${missing.join(', no ')} in ${folder}`,
      remedy:
        "Take LINBIT's release tarball: an archive of a tag does not build, it lacks files and submodules.",
    })
  }
  checkVersion(folder, wanted)
  return folder
}

function onlyFolder(entries: readonly ArchiveEntry[], paths: readonly string[], wanted: Release): string {
  const tops = [...new Set(paths.map((path) => path.split('/')[0]!))]
  const [folder, ...others] = tops
  if (folder === undefined || others.length > 0) {
    throw wrong(wanted, 'has not one folder at its top', {
      expected: `the folder ${folderOf(wanted)}`,
      seen: tops.length === 0 ? 'nothing' : some(tops),
      remedy: `Look whether this is the tarball of ${wanted.product} ${wanted.text}.`,
    })
  }
  // A file or link of that name would be replaced by the folder, or stand in its way.
  const isFolder = entries.every(
    ({ path, type }) => type === 'Directory' || path.split('/').filter(isName).length > 1,
  )
  if (isFolder) return folder
  throw new BringupError('ARCHIVE_UNSAFE', `the archive is not unpacked: its top "${folder}" is no folder`, {
    remedy: 'Get the archive from a source that you trust.',
  })
}

const isName = (component: string): boolean => component !== '' && component !== '.'

function checkProduct(folder: string, wanted: Release): void {
  const [, product] = /^(drbd(?:-utils|-reactor|-kernel)?)-(?:drbd-)?\d/.exec(folder) ?? []
  if (product === wanted.product) return
  // Archives of GitHub are told by what they lack, under whatever name they come.
  if (product === undefined && folder.startsWith(`${wanted.product}-`)) return
  throw wrong(wanted, `holds ${product ?? 'something else'}`, {
    expected: `the folder ${folderOf(wanted)}`,
    seen: folder,
    remedy: `Give the tarball ${folderOf(wanted)}.tar.gz.`,
  })
}

/** The packaging number is only compared where it was asked for. */
function checkVersion(folder: string, wanted: Release): void {
  const inside = folder.slice(wanted.product.length + 1)
  const same =
    wanted.packaging === null ? inside.replace(/-\d+$/, '') === wanted.version : inside === wanted.text
  if (same) return
  throw wrong(wanted, 'holds another version', {
    expected: folderOf(wanted),
    seen: folder,
    remedy: 'Correct the version, or the URL or path of the tarball.',
  })
}

const folderOf = ({ product, text }: Release): string => `${product}-${text}`
const some = (names: readonly string[]): string =>
  `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`

const wrong = ({ product, text }: Release, why: string, details: ErrorDetails): BringupError =>
  new BringupError('SOURCE_WRONG', `the tarball for ${product} ${text} ${why}`, details)
