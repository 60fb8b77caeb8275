import { posix } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkReleaseTarball } from '../../../src/drbd/release_tarball.ts'
import { releaseOf } from '../../../src/drbd/versions.ts'
import type { Product, Release } from '../../../src/drbd/versions.ts'
import { BringupError } from '../../../src/errors.ts'
import type { ArchiveEntry } from '../../../src/operations/archive_entries.ts'

const dir = (path: string): ArchiveEntry => ({ path, type: 'Directory', link: null })
const file = (path: string): ArchiveEntry => ({ path, type: 'File', link: null })
const symlink = (path: string, link: string): ArchiveEntry => ({ path, type: 'SymbolicLink', link })

function release(product: Product, text: string): Release {
  const found = releaseOf(product, text)
  if ('refused' in found) throw new Error(found.refused)
  return found
}

const MADE: Record<Product, string[]> = {
  drbd: ['Makefile', 'drbd/.drbd_git_revision', 'drbd/drbd_main.c', 'drbd/drbd-headers/linux/drbd.h'],
  'drbd-utils': ['.filelist', 'configure', 'drbd.spec.in', 'user/shared/drbd_buildtag.h'],
}

/** As LINBIT rolls it. */
const rolled = (product: Product, folder: string): ArchiveEntry[] => [
  dir(`${folder}/`),
  ...MADE[product].map((path) => file(`${folder}/${path}`)),
]

test.each<[Product, string, string]>([
  ['drbd', '9.2.14', 'drbd-9.2.14'],
  ['drbd', '9.0.19-1', 'drbd-9.0.19-1'],
  ['drbd', '9.0.19', 'drbd-9.0.19-1'],
  ['drbd', '8.4.11', 'drbd-8.4.11'],
  ['drbd-utils', '9.22.0', 'drbd-utils-9.22.0'],
])('%s %s is in %s', (product, text, folder) => {
  expect(checkReleaseTarball(rolled(product, folder), release(product, text))).toBe(folder)
})

test('links that stay in the folder are fine: there is one in drbd-utils', () => {
  const link = symlink(
    'drbd-utils-9.22.0/scripts/unsnapshot-resync-target-lvm.sh',
    'snapshot-resync-target-lvm.sh',
  )
  const entries = [...rolled('drbd-utils', 'drbd-utils-9.22.0'), link]
  expect(checkReleaseTarball(entries, release('drbd-utils', '9.22.0'))).toBe('drbd-utils-9.22.0')
})

const without = (entries: ArchiveEntry[], ...paths: string[]) =>
  entries.filter(({ path }) => !paths.some((left) => path.endsWith(left)))

test.each<[string, Product, string, ArchiveEntry[], string, string]>([
  [
    'an archive of GitHub',
    'drbd',
    '9.2.14',
    without(rolled('drbd', 'drbd-drbd-9.2.14'), '.drbd_git_revision'),
    'is no release tarball',
    'no drbd/.drbd_git_revision in drbd-drbd-9.2.14',
  ],
  [
    'an archive of a commit',
    'drbd',
    '9.2.14',
    [file('drbd-4f1c2b7/Makefile')],
    'is no release tarball',
    'no drbd/.drbd_git_revision in drbd-4f1c2b7',
  ],
  [
    'an archive of GitHub, whose folder is named as that of a release',
    'drbd-utils',
    '9.22.0',
    without(rolled('drbd-utils', 'drbd-utils-9.22.0'), '.filelist', 'drbd_buildtag.h'),
    'is no release tarball',
    'no .filelist, no user/shared/drbd_buildtag.h in drbd-utils-9.22.0',
  ],
  [
    'one without its list of files',
    'drbd-utils',
    '9.22.0',
    without(rolled('drbd-utils', 'drbd-utils-9.22.0'), '.filelist'),
    'is no release tarball',
    'no .filelist in drbd-utils-9.22.0',
  ],
  [
    'another version',
    'drbd',
    '9.2.14',
    rolled('drbd', 'drbd-9.2.13'),
    'holds another version',
    'drbd-9.2.13',
  ],
  [
    'a version that only begins alike',
    'drbd',
    '9.2.1',
    rolled('drbd', 'drbd-9.2.14'),
    'holds another version',
    'drbd-9.2.14',
  ],
  [
    'another packaging',
    'drbd',
    '9.0.19-1',
    rolled('drbd', 'drbd-9.0.19-2'),
    'holds another version',
    'drbd-9.0.19-2',
  ],
  [
    'a candidate',
    'drbd',
    '9.2.0',
    rolled('drbd', 'drbd-9.2.0-rc.4'),
    'holds another version',
    'drbd-9.2.0-rc.4',
  ],
  [
    'the utilities',
    'drbd',
    '9.2.14',
    rolled('drbd-utils', 'drbd-utils-9.22.0'),
    'holds drbd-utils',
    'drbd-utils-9.22.0',
  ],
  ['the module', 'drbd-utils', '9.22.0', rolled('drbd', 'drbd-9.2.14'), 'holds drbd', 'drbd-9.2.14'],
  ['something else', 'drbd', '9.2.14', [file('linux-6.1/Makefile')], 'holds something else', 'linux-6.1'],
  ['nothing', 'drbd', '9.2.14', [], 'has not one folder', 'nothing'],
  [
    'two folders',
    'drbd',
    '9.2.14',
    [...rolled('drbd', 'drbd-9.2.14'), file('etc/passwd')],
    'has not one folder',
    'drbd-9.2.14, etc',
  ],
  [
    'a file beside the folder',
    'drbd',
    '9.2.14',
    [...rolled('drbd', 'drbd-9.2.14'), file('x')],
    'has not one folder',
    'drbd-9.2.14, x',
  ],
])('%s is refused', (_name, product, text, entries, why, seen) => {
  expect(() => checkReleaseTarball(entries, release(product, text))).toThrow(
    expect.objectContaining({
      code: 'SOURCE_WRONG',
      message: expect.stringContaining(`the tarball for ${product} ${text} ${why}`) as unknown,
      details: expect.objectContaining({ seen }) as unknown,
    }),
  )
})

const WANTED = release('drbd', '9.2.14')

test.each<[string, ArchiveEntry]>([
  ['an absolute path', file('/etc/passwd')],
  ['a path that goes up', file('drbd-9.2.14/../../etc/passwd')],
  ['a link out of the tarball', symlink('drbd-9.2.14/a', '../../etc')],
  ['a link out of the folder', symlink('drbd-9.2.14/a', '../etc')],
  ['an absolute link', symlink('drbd-9.2.14/a', '/etc')],
  ['a hard link to what is not in it', { path: 'drbd-9.2.14/a', type: 'Link', link: 'drbd-9.2.14/b' }],
  ['a link in the place of the folder', symlink('drbd-9.2.14', 'drbd-9.2.14/drbd')],
  ['a file in the place of the folder', file('drbd-9.2.14')],
  ['a device', { path: 'drbd-9.2.14/sda', type: 'BlockDevice', link: null }],
])('%s is never unpacked', (_name, entry) => {
  for (const entries of [
    [...rolled('drbd', 'drbd-9.2.14'), entry],
    [entry, ...rolled('drbd', 'drbd-9.2.14')],
  ])
    expect(() => checkReleaseTarball(entries, WANTED)).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_UNSAFE' }),
    )
})

const TOP = 'drbd-9.2.14'
const component = fc.constantFrom('a', 'b', 'drbd', '..', '.', '', 'etc', TOP)
const path = fc
  .tuple(fc.constantFrom(`${TOP}/`, `./${TOP}/`, '', '/', '../'), fc.array(component, { maxLength: 4 }))
  .map(([start, rest]) => start + rest.join('/'))
const entry = fc.oneof(
  path.map(file),
  path.map(dir),
  fc.tuple(path, path).map(([at, link]) => symlink(at, link)),
  fc.tuple(path, path).map(([at, link]): ArchiveEntry => ({ path: at, type: 'Link', link })),
)

/** Unpacks onto a model of a file system, following links as a kernel does; all that is written, as real paths. */
function unpacked(entries: readonly ArchiveEntry[]): string[] {
  const links = new Map<string, string>()
  const written: string[] = []
  const resolved = (at: string, hops = 0): string => {
    let real = '/srv/unpacked'
    for (const part of at.startsWith('/') ? ['/', ...at.split('/')] : at.split('/')) {
      real = part === '/' ? '/' : posix.join(real, part)
      const target = links.get(real)
      // A circle leads nowhere.
      if (target !== undefined && hops < 20)
        real = resolved(
          posix.join(posix.relative('/srv/unpacked', posix.dirname(real)) || '.', target),
          hops + 1,
        )
      if (target?.startsWith('/')) real = target
    }
    return real
  }
  for (const { path: at, type, link } of entries) {
    const parent = resolved(posix.dirname(at))
    const real = at.startsWith('/') ? posix.normalize(at) : posix.join(parent, posix.basename(at))
    written.push(real)
    if (type === 'SymbolicLink') {
      links.set(real, link ?? '')
      written.push(link?.startsWith('/') ? link : posix.join(posix.dirname(real), link ?? ''))
    }
    if (type === 'Link') written.push(resolved(link ?? ''))
  }
  return written
}

test('nothing that leads out of the folder ever passes', () => {
  let passed = 0
  const mixed = fc.array(entry, { maxLength: 6 }).chain((more) =>
    fc.shuffledSubarray([...rolled('drbd', TOP), ...more], {
      minLength: more.length + MADE.drbd.length + 1,
    }),
  )
  fc.assert(
    fc.property(mixed, (entries) => {
      try {
        checkReleaseTarball(entries, WANTED)
      } catch (error) {
        expect(error).toBeInstanceOf(BringupError)
        expect(['ARCHIVE_UNSAFE', 'SOURCE_WRONG']).toContain((error as BringupError).code)
        return
      }
      passed += 1
      // The folder that it is unpacked to may be named itself, as `./`: it is there already.
      const outside = unpacked(entries).filter((real) => !`${real}/`.startsWith(`/srv/unpacked/${TOP}/`))
      expect(outside.every((real) => real === '/srv/unpacked' || real === '/srv/unpacked/')).toBe(true)
    }),
    { numRuns: 3000 },
  )
  // Else the property would hold of nothing.
  expect(passed).toBeGreaterThan(20)
})
