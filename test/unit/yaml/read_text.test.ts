import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readText } from '../../../src/yaml/read_text.ts'
import { errorsOf, project } from '../../support/project.ts'

test('a file is read as UTF-8, without its byte order mark', () => {
  const directory = project({ 'a.yml': '\u{FEFF}ü\n' })
  expect(readText(join(directory, 'a.yml'), 'a.yml')).toBe('ü\n')
})

test('what can not be read is told', async () => {
  const directory = project({ 'file.yml': 'x' })
  writeFileSync(join(directory, 'latin1.yml'), Buffer.from('gr\xfc\xdfe', 'latin1'))
  writeFileSync(join(directory, 'large.yml'), Buffer.alloc(9 * 1024 * 1024, 'x'))
  symlinkSync('loop.yml', join(directory, 'loop.yml'))
  chmodSync(join(directory, 'file.yml'), 0o600)
  const names = ['none.yml', 'file.yml/below.yml', '.', 'latin1.yml', 'large.yml', 'loop.yml', '/dev/zero']
  const told = await Promise.all(
    names.map((name) => errorsOf(() => readText(name.startsWith('/') ? name : join(directory, name), name))),
  )
  expect(`\n${told.join('\n')}\n`).toMatchInlineSnapshot(`
    "
    none.yml is not there [FILE_UNREADABLE]
      next      Check the path, and the directory you are in.
    file.yml/below.yml is not there [FILE_UNREADABLE]
      next      Check the path, and the directory you are in.
    . is a directory [FILE_UNREADABLE]
      next      Name a file.
    latin1.yml is not UTF-8 text [FILE_UNREADABLE]
      next      Save it as UTF-8.
    large.yml is larger than 8 MiB [FILE_UNREADABLE]
      next      Check that this is the file you meant.
    loop.yml is a symbolic link that leads to itself [FILE_UNREADABLE]
      next      Point it at a file.
    /dev/zero is a device [FILE_UNREADABLE]
      next      Name a file.
    "
  `)
})
