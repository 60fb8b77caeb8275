import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
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

describe('a pipe', () => {
  const pipe = (): string => {
    const path = join(project({}), 'pipe')
    execFileSync('mkfifo', [path])
    return path
  }
  /** Something that writes to it while this process reads, which does nothing else meanwhile. */
  const writer = (path: string, script: string): void => {
    const child = spawn('sh', ['-c', `exec >"$1"; ${script}`, 'sh', path], { stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
  }

  test('is read to its end, however slowly it comes', () => {
    const path = pipe()
    writer(path, 'sleep 0.2; printf "all:"; sleep 0.2; echo " {}"')
    expect(readText(path, 'pipe')).toBe('all: {}\n')
  })

  test('that nobody writes to, or that never ends, is told', async () => {
    expect(await errorsOf(() => readText(pipe(), 'pipe', { patience: 0.1 }))).toContain(
      'pipe is a pipe that nobody writes to [FILE_UNREADABLE]',
    )
    const path = pipe()
    writer(path, 'yes')
    expect(await errorsOf(() => readText(path, 'pipe'))).toContain('pipe is larger than 8 MiB')
  })
})
