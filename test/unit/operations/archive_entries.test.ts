import { describe, expect, test } from 'vitest'
import { safePaths } from '../../../src/operations/archive_entries.ts'
import type { ArchiveEntry } from '../../../src/operations/archive_entries.ts'

const dir = (path: string): ArchiveEntry => ({ path, type: 'Directory', link: null })
const file = (path: string): ArchiveEntry => ({ path, type: 'File', link: null })
const symlink = (path: string, link: string): ArchiveEntry => ({ path, type: 'SymbolicLink', link })
const hardlink = (path: string, link: string): ArchiveEntry => ({ path, type: 'Link', link })

describe('safePaths', () => {
  test('gives the paths that come to be, without what is stripped', () => {
    const entries = [
      dir('drbd-9.2/'),
      dir('./drbd-9.2/src/'),
      file('drbd-9.2/src/a.c'),
      file('drbd-9.2/Makefile'),
    ]
    expect(safePaths(entries, 0)).toEqual([
      'drbd-9.2',
      'drbd-9.2/src',
      'drbd-9.2/src/a.c',
      'drbd-9.2/Makefile',
    ])
    expect(safePaths(entries, 1)).toEqual(['src', 'src/a.c', 'Makefile'])
  })

  test('takes links that stay inside', () => {
    const entries = [
      file('t/a'),
      symlink('t/b', 'a'),
      symlink('t/x/y', '../a'),
      symlink('t/x/here', '.'),
      symlink('t/x/later', 'nowhere/yet'),
      hardlink('t/c', 't/a'),
    ]
    expect(safePaths(entries, 1)).toEqual(['a', 'b', 'x/y', 'x/here', 'x/later', 'c'])
  })

  test.each<[string, ArchiveEntry[], number, string]>([
    ['an absolute path', [file('/etc/passwd')], 0, 'is an absolute path'],
    ['a path that goes up', [file('a/../../b')], 0, 'leads out with ".."'],
    ['even within', [file('a/../b')], 0, 'leads out with ".."'],
    ['a symlink to an absolute path', [symlink('a', '/etc')], 0, 'is a symlink that leads out, to /etc'],
    ['a symlink above the top', [symlink('a/b', '../../c')], 0, 'is a symlink that leads out, to ../../c'],
    [
      'or above it when stripped',
      [symlink('t/a/b', '../../c')],
      1,
      'is a symlink that leads out, to ../../c',
    ],
    [
      'a symlink that goes down and up',
      [symlink('a', 'b/../..')],
      0,
      'is a symlink that leads out, to b/../..',
    ],
    ['a file behind a symlink', [symlink('a', 'b'), file('a/x')], 0, 'would be written through a symlink'],
    ['in any order', [file('a/x'), symlink('a', 'b')], 0, 'would be written through a symlink'],
    ['a hard link to what is outside', [hardlink('a', '../x')], 0, 'leads out with ".."'],
    [
      'a hard link to a symlink',
      [symlink('a', 'b'), hardlink('c', 'a')],
      0,
      'is a hard link to a, which is no file before it in the archive',
    ],
    [
      'a hard link to what is stripped off',
      [file('a'), hardlink('t/b', 'a')],
      1,
      'is a hard link to a, which is no file before it in the archive',
    ],
    [
      'a device',
      [{ path: 'sda', type: 'BlockDevice', link: null }],
      0,
      'is neither file, directory nor link (BlockDevice)',
    ],
    ['a name with a line end', [file('a\nb')], 0, 'has a line end in its name'],
  ])('refuses %s', (_, entries, strip, why) => {
    expect(() => safePaths(entries, strip)).toThrow(
      expect.objectContaining({ code: 'ARCHIVE_UNSAFE', message: expect.stringContaining(why) as unknown }),
    )
  })
})
