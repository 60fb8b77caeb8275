import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { operations } from '../../../src/operations/all.ts'
import { labNode } from '../../support/lab_node.ts'
import type { LabNode } from '../../support/lab_node.ts'

const { archive, block, directory, download, file, ini, line, mount, symlink, template } = operations

let lab: Lab
let node: LabNode
let source: { url: string; sha256: string }
beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
  node = await labNode(lab, 'server1')
  const top = join(lab.dir, 'packed')
  mkdirSync(top, { recursive: true })
  writeFileSync(join(top, 'inside'), 'packed\n')
  execFileSync('tar', ['-C', top, '-czf', join(lab.dir, 'packed.tar.gz'), 'inside'])
  const bytes = execFileSync('cat', [join(lab.dir, 'packed.tar.gz')])
  source = {
    url: `file://${join(lab.dir, 'packed.tar.gz')}`,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
})
afterAll(async () => {
  await node?.close()
  await lab?.down()
})

const everyByte = Buffer.from(
  Array.from({ length: 128 }, (_, index) => index).filter((code) => code !== 0 && code !== 47),
).toString('latin1')

const names: Readonly<Record<string, string>> = {
  'with quotes': `it's "quoted" \`here\``,
  'with spaces': '  two  spaces  ',
  'with newlines': 'first\nsecond\n',
  'that is a command': '$(touch hacked); `touch hacked` && touch hacked; $HOME ~',
  'that is an option': '--help -rf',
  'with backslashes': 'a\\b\\\\c\\n\\',
  'with a pattern': '*?[a-z]{x,y}!#%&',
  'in UTF-8': 'zażółć gęślą jaźń 日本語 🚀 é',
  'of 255 bytes': 'long '.repeat(51),
  'of every ASCII character': everyByte,
}

test.each(Object.entries(names))('a name %s is only a name', async (_, name) => {
  // What lies beside it, with names that a pattern or a bad quote would find.
  const top = `/srv/n/${name}`
  const at = (rest: string): string => `${top}/${name}${rest}`
  const converges = async (perform: () => Promise<{ changed: boolean }>): Promise<void> => {
    expect((await perform()).changed).toBe(true)
    expect((await perform()).changed).toBe(false)
  }
  await node.sh('rm -rf /srv/n; mkdir /srv/n')
  await converges(() => node.perform(directory, { path: top, mode: '0750' }))
  const path = at('')
  await converges(() => node.perform(file, { path, content: 'a = 1\n', mode: '0600' }))
  await converges(() => node.perform(line, { path, line: 'b = 2' }))
  await converges(() => node.perform(ini, { path, section: 's', values: { c: '3' } }))
  await converges(() => node.perform(block, { path, name: 'x', content: 'd = 4' }))
  const text = (await buffer(await node.remote.download(path))).toString()
  expect(text).toMatch(/^a = 1\nb = 2\n[^]*c ?= ?3[^]*d = 4/)
  await converges(() => node.perform(template, { path, template: () => 'short\n', data: null }))
  await converges(() => node.perform(file, { path, content: 'x'.repeat(100_000), backup: name.length < 200 }))
  await converges(() => node.perform(file, { path, state: 'absent' }))

  await converges(() => node.perform(symlink, { path, target: at('x') }))
  const there = await node.remote.run(`find /srv/n -type l -printf '%f\\0%l\\0'`)
  expect(there.stdout.toString('utf8').split('\0')).toEqual([name, at('x'), ''])
  await converges(() => node.perform(symlink, { path, state: 'absent' }))

  await converges(() => node.perform(download, { path, urls: [source.url], sha256: source.sha256 }))
  await node.perform(file, { path, state: 'absent' })
  await converges(() => node.perform(archive, { path, urls: [source.url], sha256: source.sha256 }))
  await converges(() => node.perform(directory, { path, state: 'absent', recursive: true }))

  const bytes = randomBytes(50_000)
  await node.remote.upload(bytes, path)
  expect((await buffer(await node.remote.download(path))).equals(bytes)).toBe(true)
  expect(await node.sh('ls -1A --quoting-style=c /srv/n | wc -l; ls /hacked 2>/dev/null || true')).toBe('1')
  await converges(() => node.perform(directory, { path: top, state: 'absent', recursive: true }))
  expect(await node.sh('ls -A /srv/n')).toBe('')
})

test('a mount has such a name too', async () => {
  const path = `/srv/it's a\\040 "mount" $(touch hacked)\ttab`
  const want = {
    mountpoint: path,
    spec: 'it\'s "none" $(touch /run/hacked)',
    type: 'tmpfs',
    options: ['size=1m'],
  }
  const made = await node.perform(mount, want)
  expect(made.changed).toBe(true)
  expect((await node.perform(mount, want)).changed).toBe(false)
  expect((await node.perform(mount, { ...want, state: 'unmounted' })).changed).toBe(true)
  expect(await node.sh('ls /hacked 2>/dev/null || true; grep hacked /etc/fstab /proc/mounts || true')).toBe(
    '',
  )
})
