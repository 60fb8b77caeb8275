import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { archive } from '../../../src/operations/archive.ts'
import { file } from '../../../src/operations/file.ts'
import { localBench, platforms } from '../../support/operation_bench.ts'
import type { Bench } from '../../support/operation_bench.ts'

describe.each(platforms)('archive, with %s', (platform) => {
  let bench: Bench & { end(): void }
  const at = (name: string) => join(bench.directory, name)
  beforeEach(() => {
    bench = localBench(platform)
  })
  afterEach(() => bench.end())

  /** Packs a tree of a few files; `text` makes one archive differ from another. */
  function pack(name: string, flag: string, text = 'all:\n') {
    const tree = at('tree')
    mkdirSync(join(tree, 'drbd-9.2', 'src dir'), { recursive: true })
    writeFileSync(join(tree, 'drbd-9.2', 'Makefile'), text)
    writeFileSync(join(tree, 'drbd-9.2', 'src dir', "it's"), 'x', { mode: 0o755 })
    symlinkSync('Makefile', join(tree, 'drbd-9.2', 'link'))
    execFileSync('tar', [`-c${flag}f`, at(name), '-C', tree, 'drbd-9.2'])
    rmSync(tree, { recursive: true })
    return {
      source: name,
      sha256: createHash('sha256')
        .update(readFileSync(at(name)))
        .digest('hex'),
    }
  }

  test('is unpacked once, whole, and seen to be', async () => {
    const want = { ...pack('a.tar.gz', 'z'), path: at('src'), strip: 1 }
    expect((await bench.perform(archive, want)).changes).toEqual([{ summary: 'unpack a.tar.gz' }])
    expect(readdirSync(want.path).toSorted()).toEqual(['.bringup-archive', 'Makefile', 'link', 'src dir'])
    expect(statSync(join(want.path, "src dir/it's")).mode & 0o777).toBe(0o755)
    expect(lstatSync(join(want.path, 'link')).isSymbolicLink()).toBe(true)
    expect((await bench.perform(archive, want)).changed).toBe(false)
    expect(readdirSync(bench.directory).toSorted()).toEqual(['a.tar.gz', 'src'])
  })

  test.each([
    ['plain', ''],
    ['xz', 'J'],
    ['bzip2', 'j'],
  ])('takes %s', async (_, flag) => {
    await bench.perform(archive, { ...pack('a.tar', flag), path: at('src') })
    expect(existsSync(at('src/drbd-9.2/Makefile'))).toBe(true)
  })

  test('a tree that has lost files, or is of another archive, is replaced only with leave', async () => {
    const want = { ...pack('a.tar.gz', 'z'), path: at('src'), strip: 1 }
    await bench.perform(archive, want)
    rmSync(at('src/Makefile'))
    await expect(bench.perform(archive, want)).rejects.toMatchObject({
      code: 'REFUSED',
      details: { seen: '1 of its paths are gone, as ./Makefile' },
    })
    await bench.perform(archive, { ...want, replace: true })
    expect(readFileSync(at('src/Makefile'), 'utf8')).toBe('all:\n')

    writeFileSync(at('src/built.ko'), 'x')
    const next = { ...pack('b.tar.gz', 'z', 'other:\n'), path: at('src'), strip: 1 }
    await expect(bench.perform(archive, next)).rejects.toMatchObject({ code: 'REFUSED' })
    await bench.perform(archive, { ...next, replace: true })
    expect(readFileSync(at('src/Makefile'), 'utf8')).toBe('other:\n')
    expect(existsSync(at('src/built.ko'))).toBe(false)
    expect(readdirSync(bench.directory).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('fills an empty directory, and finishes what was begun', async () => {
    const want = { ...pack('a.tar.gz', 'z'), path: at('src'), strip: 1 }
    mkdirSync(at('src/lost+found'), { recursive: true })
    writeFileSync(at('src/.bringup-archive'), `unpacking ${want.sha256}\n`)
    writeFileSync(at('src/Makefile'), 'hal')
    expect((await bench.perform(archive, want)).changes).toEqual([
      { summary: 'unpack a.tar.gz, which was begun' },
    ])
    expect(readFileSync(at('src/Makefile'), 'utf8')).toBe('all:\n')
    expect((await bench.perform(archive, want)).changed).toBe(false)
  })

  test("never unpacks over somebody else's files, unless they are the proof that it is done", async () => {
    const want = { ...pack('a.tar.gz', 'z'), path: at('src'), strip: 1, replace: true }
    mkdirSync(at('src'))
    writeFileSync(at('src/precious'), 'x')
    await expect(bench.perform(archive, want)).rejects.toMatchObject({ code: 'REFUSED' })
    expect(readdirSync(at('src'))).toEqual(['precious'])
    expect((await bench.perform(archive, { ...want, creates: at('src/precious') })).changed).toBe(false)
  })

  test('an archive that leads out is not sent, a broken or wrong one neither', async () => {
    symlinkSync('/etc', at('etc'))
    execFileSync('tar', ['-czf', at('bad.tar.gz'), '-C', bench.directory, 'etc'])
    const digest = (name: string) =>
      createHash('sha256')
        .update(readFileSync(at(name)))
        .digest('hex')
    await expect(
      bench.perform(archive, { source: 'bad.tar.gz', sha256: digest('bad.tar.gz'), path: at('src') }),
    ).rejects.toMatchObject({ code: 'ARCHIVE_UNSAFE' })
    const { source, sha256 } = pack('a.tar.gz', 'z')
    writeFileSync(at('cut.tar.gz'), readFileSync(at(source)).subarray(0, 100))
    await expect(
      bench.perform(archive, { source: 'cut.tar.gz', sha256: digest('cut.tar.gz'), path: at('src') }),
    ).rejects.toMatchObject({ code: 'ARCHIVE_UNSAFE' })
    await expect(
      bench.perform(archive, { source: 'bad.tar.gz', sha256, path: at('src') }),
    ).rejects.toMatchObject({ code: 'REFUSED', message: 'bad.tar.gz is not the archive that is wanted' })
    expect(existsSync(at('src'))).toBe(false)
  })

  test('in check mode, files in it are planned', async () => {
    const want = { ...pack('a.tar.gz', 'z'), path: at('src') }
    expect((await bench.check(archive, want)).changed).toBe(true)
    expect((await bench.check(file, { path: at('src/config'), content: 'x' })).changes[0]?.summary).toBe(
      'create (1 B)',
    )
    expect(existsSync(at('src'))).toBe(false)
  })
})
