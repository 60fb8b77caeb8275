import { existsSync, mkdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { directory } from '../../../src/operations/directory.ts'
import { mayRemove, mountsBelow } from '../../../src/operations/directory_removal.ts'
import { file } from '../../../src/operations/file.ts'
import { symlink } from '../../../src/operations/symlink.ts'
import { localBench, platforms } from '../../support/operation_bench.ts'
import type { Bench } from '../../support/operation_bench.ts'

const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8).padStart(4, '0')
const summaries = ({ changes }: { changes: readonly { summary: string }[] }) =>
  changes.map(({ summary }) => summary)

describe.each(platforms)('with %s', (platform) => {
  let bench: Bench & { end(): void }
  const at = (name: string) => join(bench.directory, name)
  beforeAll(() => {
    bench = localBench(platform)
  })
  afterAll(() => bench.end())

  test('a directory is made, and takes another mode', async () => {
    const path = at(" it's\n$(x) ")
    expect(summaries(await bench.perform(directory, { path }))).toEqual(['create'])
    expect(modeOf(path)).toBe('0755')
    expect(summaries(await bench.perform(directory, { path, mode: '2750' }))).toEqual(['mode 0755 → 2750'])
    expect(modeOf(path)).toBe('2750')
    expect((await bench.perform(directory, { path, mode: '2750' })).changed).toBe(false)
    await bench.perform(directory, { path, state: 'absent' })
    expect(existsSync(path)).toBe(false)
    expect((await bench.perform(directory, { path, state: 'absent' })).changed).toBe(false)
  })

  test('directories above it are made only when asked for', async () => {
    await expect(bench.perform(directory, { path: at('p/q/r') })).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: `the directory ${at('p/q')} does not exist`,
    })
    await bench.perform(directory, { path: at('p/q/r'), mode: '0700', parents: true })
    expect([modeOf(at('p/q')), modeOf(at('p/q/r'))]).toEqual(['0755', '0700'])
  })

  test('one with something in it is removed only when that is said', async () => {
    mkdirSync(at('full/.hidden'), { recursive: true })
    writeFileSync(at('full/\n'), 'x')
    await expect(bench.perform(directory, { path: at('full'), state: 'absent' })).rejects.toMatchObject({
      code: 'REFUSED',
      details: { seen: '2 entries' },
    })
    const gone = await bench.perform(directory, { path: at('full'), state: 'absent', recursive: true })
    expect(summaries(gone)).toEqual(['remove with all that is in it (2 entries)'])
    expect(existsSync(at('full'))).toBe(false)
  })

  test('in check mode what is planned is there for what comes after', async () => {
    const path = at('planned')
    expect((await bench.check(directory, { path })).changed).toBe(true)
    expect((await bench.check(directory, { path })).changed).toBe(false)
    expect(summaries(await bench.check(file, { path: `${path}/f`, content: '' }))).toEqual(['create (0 B)'])
    expect(existsSync(path)).toBe(false)
  })

  test('a symlink is made, and turned elsewhere, even from a directory', async () => {
    mkdirSync(at('real'))
    const path = at('link')
    expect(summaries(await bench.perform(symlink, { path, target: 'real' }))).toEqual(['create, to real'])
    expect((await bench.perform(symlink, { path, target: 'real' })).changed).toBe(false)
    expect(summaries(await bench.perform(symlink, { path, target: "/no\nwhere's" }))).toEqual([
      "target real → /no\nwhere's",
    ])
    expect(readlinkSync(path)).toBe("/no\nwhere's")
    await bench.perform(symlink, { path, state: 'absent' })
    expect(existsSync(path)).toBe(false)
    expect(existsSync(at('real'))).toBe(true)
  })

  test('what is something else is refused', async () => {
    writeFileSync(at('a file'), '')
    mkdirSync(at('a dir'))
    symlinkSync('a dir', at('a link'))
    const refused = { code: 'REFUSED' }
    await expect(bench.perform(directory, { path: at('a file') })).rejects.toMatchObject(refused)
    await expect(bench.perform(directory, { path: at('a link') })).rejects.toMatchObject(refused)
    await expect(bench.perform(directory, { path: at('a link'), state: 'absent' })).rejects.toMatchObject(
      refused,
    )
    await expect(bench.perform(file, { path: at('a dir'), content: '' })).rejects.toMatchObject(refused)
    await expect(bench.perform(file, { path: at('a dir'), state: 'absent' })).rejects.toMatchObject(refused)
    await expect(bench.perform(symlink, { path: at('a dir'), target: 'x' })).rejects.toMatchObject(refused)
    await expect(bench.perform(symlink, { path: at('a file'), state: 'absent' })).rejects.toMatchObject(
      refused,
    )
    expect((await bench.perform(directory, { path: at('a link'), follow: true })).changed).toBe(false)
    await bench.perform(directory, { path: at('a link'), mode: '0700', follow: true })
    expect(modeOf(at('a dir'))).toBe('0700')
  })
})

describe('mayRemove', () => {
  const tree = { real: '/x', entries: 0, mounts: [] }

  test.each(['/', '/etc', '/var/lib', '/boot'])('never removes %s', (path) => {
    expect(() => mayRemove({ path, recursive: true }, tree)).toThrow(
      expect.objectContaining({ code: 'REFUSED' }),
    )
  })

  test('never removes what a filesystem is mounted at or below', () => {
    expect(() =>
      mayRemove({ path: '/srv/x', recursive: true }, { ...tree, mounts: ['/srv/x/data'] }),
    ).toThrow(expect.objectContaining({ message: 'a filesystem is mounted at or below /srv/x' }))
  })
})

test('mountsBelow reads escaped names, and takes no neighbour', () => {
  const mountinfo = [
    '24 1 8:1 / / rw shared:1 - ext4 /dev/vda1 rw',
    '25 24 8:2 / /srv rw - ext4 /dev/vda2 rw',
    '26 25 8:3 / /srv/a\\040b rw - ext4 /dev/vda3 rw',
    '27 24 8:4 / /srv2 rw - ext4 /dev/vda4 rw',
    '',
  ].join('\n')
  expect(mountsBelow(mountinfo, '/srv')).toEqual(['/srv', '/srv/a b'])
  expect(mountsBelow(mountinfo, '/srv/a')).toEqual([])
  expect(mountsBelow(mountinfo, '/srv/a b')).toEqual(['/srv/a b'])
})
