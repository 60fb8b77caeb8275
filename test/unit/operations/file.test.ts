import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { file } from '../../../src/operations/file.ts'
import { Secret } from '../../../src/secret.ts'
import { localBench, platforms } from '../../support/operation_bench.ts'
import type { Bench } from '../../support/operation_bench.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8).padStart(4, '0')

describe.each(platforms)('file, with %s', (platform) => {
  let bench: Bench & { end(): void }
  const at = (name: string) => join(bench.directory, name)
  beforeAll(() => {
    bench = localBench(platform)
  })
  afterAll(() => bench.end())

  test('is made, is met the second time, and follows its content', async () => {
    const path = at('motd')
    const made = await bench.perform(file, { path, content: 'hello\n', mode: '0640' })
    expect(made.changes).toEqual([
      { summary: 'create (6 B, 0640)', diff: { path, before: null, after: 'hello\n' } },
    ])
    expect(readFileSync(path, 'utf8')).toBe('hello\n')
    expect(modeOf(path)).toBe('0640')
    expect((await bench.perform(file, { path, content: 'hello\n', mode: '0640' })).changes).toEqual([])

    const edited = await bench.perform(file, { path, content: 'hello\nworld\n' })
    expect(edited.changes).toEqual([
      { summary: '+1 line', diff: { path, before: 'hello\n', after: 'hello\nworld\n' } },
    ])
    expect(modeOf(path)).toBe('0640')
    expect((await bench.perform(file, { path, mode: '0600' })).changes).toEqual([
      { summary: 'mode 0640 → 0600' },
    ])
    expect(readFileSync(path, 'utf8')).toBe('hello\nworld\n')
    expect(readdirSync(bench.directory)).toEqual(['motd'])
  })

  test.each([
    ["quote's", `it's`],
    ['double', 'say "hi"'],
    ['spaces', ' a  b '],
    ['newlines', '\na\n\nb\n'],
    ['substitution', '$(touch pwned) `id` ${HOME}'],
    ['glob', '*[a-z]?'],
    ['dash', '-rf'],
    ['backslash', 'a\\nb\\'],
    ['not ASCII', 'Größe ✓'],
    ['an error message', 'stat: x: No such file or directory'],
  ])('any name works: %s', async (_, name) => {
    const path = at(name)
    const want = { path, content: Buffer.from([0, 1, 255, 10, 13]), mode: '0600' }
    expect((await bench.perform(file, want)).changed).toBe(true)
    expect(readFileSync(path)).toEqual(want.content)
    expect((await bench.perform(file, want)).changed).toBe(false)
    expect((await bench.perform(file, { path, state: 'absent' })).changed).toBe(true)
    expect(existsSync(path)).toBe(false)
    expect((await bench.perform(file, { path, state: 'absent' })).changed).toBe(false)
    expect(existsSync(at('pwned'))).toBe(false)
  })

  test('a secret is shown nowhere, and is closed to others', async () => {
    const path = at('authkey')
    const content = new Secret('correct horse battery')
    const made = await bench.perform(file, { path, content })
    expect(made.changes).toEqual([{ summary: 'create (secret, 0600)' }])
    expect(modeOf(path)).toBe('0600')
    const changed = await bench.perform(file, { path, content: new Secret('staple') })
    expect(changed.changes).toEqual([{ summary: 'content differs (secret)' }])
    expect(readFileSync(path, 'utf8')).toBe('staple')
  })

  test('a copy of a large file is compared by digest, and streamed', async () => {
    const source = at('source.bin')
    const path = at('copy.bin')
    const bytes = Buffer.alloc(3 * 1024 * 1024, 'abcdefg')
    writeFileSync(source, bytes)
    expect((await bench.perform(file, { path, source: 'source.bin' })).changes).toEqual([
      { summary: 'create (3.0 MiB)' },
    ])
    expect(readFileSync(path).equals(bytes)).toBe(true)
    expect((await bench.perform(file, { path, source })).changed).toBe(false)
    bytes[5] = 0
    writeFileSync(source, bytes)
    const [change] = (await bench.perform(file, { path, source })).changes
    expect(change?.summary).toMatch(/^content \(sha256 [0-9a-f]{8}… → [0-9a-f]{8}…\)$/)
  })

  test('a symlink is refused, or followed where that is asked for', async () => {
    writeFileSync(at('real'), 'old\n')
    symlinkSync('real', at('link'))
    await expect(bench.perform(file, { path: at('link'), content: 'new\n' })).rejects.toMatchObject({
      code: 'REFUSED',
      message: `${at('link')} is a symlink, not a file`,
    })
    await bench.perform(file, { path: at('link'), content: 'new\n', follow: true })
    expect(readFileSync(at('real'), 'utf8')).toBe('new\n')
    expect(readdirSync(bench.directory)).toContain('link')
    expect((await bench.perform(file, { path: at('link'), content: 'new\n', follow: true })).changed).toBe(
      false,
    )
    symlinkSync('nowhere', at('dangling'))
    await bench.perform(file, { path: at('dangling'), content: 'x', follow: true })
    expect(readFileSync(at('nowhere'), 'utf8')).toBe('x')
  })

  test('a refused validation leaves the old file and no temporary one', async () => {
    const path = at('sudoers')
    writeFileSync(path, 'good\n')
    chmodSync(path, 0o440)
    const validate = (temporary: string) => ['grep', '-q', 'good', temporary]
    await bench.perform(file, { path, content: 'still good\n', validate })
    expect(modeOf(path)).toBe('0440')
    await expect(bench.perform(file, { path, content: 'bad\n', validate })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    })
    expect(readFileSync(path, 'utf8')).toBe('still good\n')
    expect(readdirSync(bench.directory).filter((name) => name.startsWith('.bringup'))).toEqual([])
  })

  test('without its directory it fails and names it; in check mode it is planned', async () => {
    const path = at('missing/here')
    await expect(bench.perform(file, { path, content: 'x' })).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: `the directory ${at('missing')} does not exist`,
    })
    expect((await bench.check(file, { path, content: 'x' })).changes[0]?.summary).toBe(
      'create (1 B), in a directory that is not there yet',
    )
  })

  test('what a dead controller left is cleaned by the next write', async () => {
    mkdirSync(at('d'))
    const path = at('d/f')
    let left = ''
    await expect(
      bench.perform(file, { path, content: 'x', validate: (temporary) => ((left = temporary), ['false']) }),
    ).rejects.toMatchObject({ code: 'VALIDATION_FAILED' })
    writeFileSync(left, 'half')
    await bench.perform(file, { path, content: 'x' })
    expect(readdirSync(at('d'))).toEqual(['f'])
  })
})
