import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { block } from '../../../src/operations/block.ts'
import { file } from '../../../src/operations/file.ts'
import { fstab } from '../../../src/operations/fstab.ts'
import { hosts_entries } from '../../../src/operations/hosts_entries.ts'
import { ini } from '../../../src/operations/ini.ts'
import { line } from '../../../src/operations/line.ts'
import { template } from '../../../src/operations/template.ts'
import { Secret } from '../../../src/secret.ts'
import { localBench } from '../../support/operation_bench.ts'
import type { Bench } from '../../support/operation_bench.ts'

let bench: Bench & { end(): void }
const at = (name: string) => join(bench.directory, name)
const read = (name: string) => readFileSync(at(name), 'utf8')
const modeOf = (name: string) => (statSync(at(name)).mode & 0o777).toString(8)
beforeEach(() => {
  bench = localBench('dash')
})
afterEach(() => bench.end())

test('every edit changes its part, keeps mode and rest, and is met then', async () => {
  writeFileSync(at('f'), '# kept\na=1\n', { mode: 0o640 })
  const path = at('f')
  const edits = [
    () => bench.perform(line, { path, line: 'a=2', match: '^a=' }),
    () => bench.perform(block, { path, name: 'vip', content: 'x\n' }),
    () => bench.perform(ini, { path, section: 's', values: { k: 'v', n: 5 } }),
    () => bench.perform(hosts_entries, { path, entries: [{ address: '10.0.0.1', names: ['a'] }] }),
    () => bench.perform(fstab, { path, spec: '/dev/a', mountpoint: '/mnt', type: 'ext4' }),
  ]
  for (const edit of edits) {
    expect((await edit()).changed).toBe(true)
    expect((await edit()).changed).toBe(false)
  }
  expect(read('f')).toMatchInlineSnapshot(`
    "# kept
    a=2
    # BEGIN bringup vip
    x
    # END bringup vip

    [s]
    k=v
    n=5
    10.0.0.1	a
    /dev/a /mnt ext4 defaults 0 0
    "
  `)
  expect(modeOf('f')).toBe('640')
})

test('a file that is not there is an error, and planned in check mode', async () => {
  const path = at('new')
  await expect(bench.perform(line, { path, line: 'a' })).rejects.toMatchObject({
    code: 'REFUSED',
    message: `${path} does not exist, so there is nothing to edit`,
  })
  expect((await bench.check(line, { path, line: 'a' })).changes[0]?.summary).toBe('create (2 B)')
  await bench.perform(line, { path, line: 'a', create: true, mode: '0600' })
  expect([read('new'), modeOf('new')]).toEqual(['a\n', '600'])
  expect((await bench.perform(line, { path: at('none'), line: 'a', state: 'absent' })).changed).toBe(false)
})

test('check mode adds up what earlier tasks would have put there', async () => {
  const path = at('f')
  await bench.check(file, { path, content: 'a\n' })
  const { changes } = await bench.check(line, { path, line: 'b' })
  expect(changes).toEqual([{ summary: '+1 line', diff: { path, before: 'a\n', after: 'a\nb\n' } }])
  expect((await bench.check(file, { path, content: 'a\nb\n' })).changed).toBe(false)
  expect(existsSync(path)).toBe(false)
})

test('a secret in a line, a block or a key is in the file and nowhere else', async () => {
  const path = at('f')
  writeFileSync(path, 'a\n', { mode: 0o640 })
  const password = new Secret('s3cret-value')
  const shown = [
    await bench.perform(line, { path, line: new Secret('password s3cret-value') }),
    await bench.perform(block, { path, name: 'b', content: new Secret('s3cret-value\n') }),
    await bench.perform(ini, { path, section: 's', values: { password } }),
  ].flatMap(({ changes }) => changes)
  expect(shown).toEqual(Array.from({ length: 3 }, () => ({ summary: 'content differs (secret)' })))
  expect(read('f').match(/s3cret-value/g)).toHaveLength(3)
  expect(modeOf('f')).toBe('640')
  // What a check knows to be secret stays so for the edits after it.
  await bench.check(file, { path: at('g'), content: new Secret('s3cret-value\n') })
  expect((await bench.check(line, { path: at('g'), line: 'x' })).changes).toEqual([
    { summary: 'content differs (secret)' },
  ])
})

describe('traps', () => {
  test('a binary file and a huge one are not edited', async () => {
    writeFileSync(at('binary'), Buffer.from([0x61, 0, 0xff]))
    await expect(bench.perform(line, { path: at('binary'), line: 'a' })).rejects.toMatchObject({
      message: `${at('binary')} cannot be edited: it is not UTF-8 text`,
    })
    writeFileSync(at('huge'), 'a\n'.repeat(600_000))
    await expect(bench.perform(line, { path: at('huge'), line: 'b' })).rejects.toMatchObject({
      message: `${at('huge')} cannot be edited: it is larger than 1 MiB`,
    })
  })

  test('what somebody else changes meanwhile is not lost', async () => {
    writeFileSync(at('f'), 'a\n')
    const path = at('f')
    const { run } = bench.remote
    let reads = 0
    bench.remote.run = async (script, options) => {
      const result = await run(script, options)
      if ((reads += 1) === 1) writeFileSync(path, 'a\nmeanwhile\n')
      return result
    }
    await expect(bench.perform(line, { path, line: 'b' })).rejects.toMatchObject({
      code: 'CHANGED_MEANWHILE',
    })
    expect(read('f')).toBe('a\nmeanwhile\n')
  })

  test('a masked secret, or an object, never gets into a file', async () => {
    const password = new Secret('s3cret-value')
    const path = at('f')
    expect(file.params.safeParse({ path, content: `password ${String(password)}` }).success).toBe(false)
    const render = (data: { password: unknown }) => `password ${String(data.password)}\n`
    await expect(
      bench.perform(template, { path, template: render as never, data: { password } }),
    ).rejects.toMatchObject({ code: 'ROLE_INVALID' })
    await expect(
      bench.perform(template, { path, template: render as never, data: { password: {} } }),
    ).rejects.toMatchObject({ code: 'ROLE_INVALID' })
    expect(existsSync(path)).toBe(false)
  })

  test('parameters that contradict each other are refused before anything is read', () => {
    const path = '/etc/x'
    for (const [operation, want] of [
      [file, { path, content: 'a', source: 'b' }],
      [file, { path, content: 'a', state: 'absent' }],
      [file, { path, mode: 644 }],
      [file, { path: 'relative' }],
      [line, { path }],
      [line, { path, line: 'two\nlines' }],
      [line, { path, match: '(' }],
      [block, { path, name: 'x', content: '# END bringup x\n' }],
      [ini, { path, values: { a: 'ends with \\' } }],
      [ini, { path, values: {} }],
      [hosts_entries, { entries: [{ address: '10.0.0', names: ['a'] }] }],
      [fstab, { mountpoint: 'none', spec: '/dev/a' }],
    ] as const)
      expect(operation.params.safeParse(want).success).toBe(false)
  })
})

test('a template is a file whose text a function makes', async () => {
  mkdirSync(at('d'))
  const path = at('d/corosync.conf')
  const text = ({ nodes }: { nodes: readonly string[] }) => nodes.map((node) => `node ${node}\n`).join('')
  const want = { path, template: text as never, data: { nodes: ['a', 'b'] } }
  expect((await bench.perform(template, want)).changes).toEqual([
    { summary: 'create (14 B)', diff: { path, before: null, after: 'node a\nnode b\n' } },
  ])
  expect((await bench.perform(template, want)).changed).toBe(false)
})
