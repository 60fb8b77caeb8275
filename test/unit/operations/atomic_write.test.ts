import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { file } from '../../../src/operations/file.ts'
import { writeError } from '../../../src/operations/write_error.ts'
import { localRemote } from '../../support/local_remote.ts'
import { createBench, localBench } from '../../support/operation_bench.ts'
import type { Bench } from '../../support/operation_bench.ts'

let bench: Bench & { end(): void }
const at = (name: string) => join(bench.directory, name)
beforeEach(() => {
  bench = localBench('dash')
})
afterEach(() => bench.end())

/** A bench on which these commands are found before the machine's own; each writes down how it was called. */
function withCommands(commands: Record<string, string>) {
  const bin = at('bin')
  mkdirSync(bin)
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>${at('calls')}\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  const remote = localRemote({ shell: ['dash'], path: `${bin}:${process.env['PATH']}` })
  return {
    ...createBench(remote, bench.directory),
    calls: () => readFileSync(at('calls'), 'utf8').split('\n'),
  }
}

describe('an SELinux context', () => {
  const selinux = {
    selinuxenabled: 'exit 0',
    chcon: '',
    matchpathcon: 'echo system_u:object_r:etc_t:s0',
    restorecon: '',
  }

  test('of a new file is the one its path has by policy, before it is visible', async () => {
    const { perform, calls } = withCommands(selinux)
    await perform(file, { path: at('new'), content: 'a' })
    expect(calls()).toEqual([
      'selinuxenabled ',
      `matchpathcon -n ${at('new')}`,
      expect.stringMatching(/^chcon system_u:object_r:etc_t:s0 \S+\/\.bringup-\w+-\w+$/),
      '',
    ])
  })

  test('of a file that is replaced is kept', async () => {
    const { perform, calls } = withCommands(selinux)
    writeFileSync(at('old'), 'x')
    await perform(file, { path: at('old'), content: 'a' })
    expect(calls()[1]).toMatch(new RegExp(`^chcon --reference=${at('old')} `))
  })

  test('is set by restorecon where the policy cannot be asked', async () => {
    const { perform, calls } = withCommands({ ...selinux, matchpathcon: 'exit 1' })
    await perform(file, { path: at('new'), content: 'a' })
    expect(calls()).toContain(`restorecon ${at('new')}`)
  })
})

describe('an old coreutils', () => {
  test('as that of EL 7 is never asked to sync every filesystem', async () => {
    // sync(1) before 8.24 takes no operands and no options but these two.
    const sync = 'case "$1" in -*) echo "invalid option" >&2; exit 1;; esac; exit 0'
    const { perform, calls } = withCommands({ sync })
    await perform(file, { path: at('f'), content: 'a' })
    expect(calls().filter((call) => !call.startsWith('sync -d '))).toEqual([''])
    expect(readFileSync(at('f'), 'utf8')).toBe('a')
  })
})

describe('when it fails', () => {
  test.each([
    ['mv', 'echo "mv: cannot move: Device or resource busy" >&2; exit 1'],
    ['dd', 'echo "dd: fsync failed: Input/output error" >&2; exit 1'],
    ['chmod', 'exit 1'],
    ['sha256sum', 'echo 0000'],
  ])('at %s, the old file is as it was and nothing is left', async (name, script) => {
    const { perform } = withCommands({ [name]: script })
    const before = 'old'
    mkdirSync(at('d'))
    writeFileSync(at('d/f'), before)
    await expect(perform(file, { path: at('d/f'), content: 'new' })).rejects.toThrow()
    expect(readFileSync(at('d/f'), 'utf8')).toBe(before)
    expect(readdirSync(at('d'))).toEqual(['f'])
  })

  test('an immutable file is told from one without permission', async (context) => {
    const path = at('f')
    writeFileSync(path, 'old')
    try {
      execFileSync('chattr', ['+i', path], { stdio: 'ignore' })
    } catch {
      return context.skip('this filesystem or user has no immutable files')
    }
    try {
      const immutable = { code: 'WRITE_FAILED', message: `${path} or its directory is immutable` }
      await expect(bench.perform(file, { path, content: 'new' })).rejects.toMatchObject(immutable)
      await expect(bench.perform(file, { path, mode: '0600' })).rejects.toMatchObject(immutable)
      await expect(bench.perform(file, { path, state: 'absent' })).rejects.toMatchObject(immutable)
      expect(readFileSync(path, 'utf8')).toBe('old')
    } finally {
      execFileSync('chattr', ['-i', path])
    }
  })
})

test('content is never visible with another mode than the wanted one', async () => {
  const path = at('f')
  writeFileSync(path, 'old', { mode: 0o666 })
  let seen = 0
  const validate = (temporary: string) => {
    // Runs on the controller before the write: the temporary file is not there yet, under no name.
    expect(readdirSync(bench.directory)).toEqual(['f'])
    seen += 1
    return ['sh', '-c', `test "$(stat -c %a "$1")" = 600`, 'sh', temporary]
  }
  await bench.perform(file, { path, content: 'new', mode: '0600', validate })
  expect(seen).toBe(1)
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test.each<[number, string, string, string]>([
  [90, "touch: cannot touch 'x': No space left on device", 'no space left for /etc/x', 'WRITE_FAILED'],
  [90, 'cat: write error: Disk quota exceeded', 'no space left for /etc/x', 'WRITE_FAILED'],
  [
    90,
    "chown: invalid user: 'nobody-here'",
    'the owner or group wanted for /etc/x does not exist',
    'WRITE_FAILED',
  ],
  [
    90,
    'chown: unknown user nobody-here',
    'the owner or group wanted for /etc/x does not exist',
    'WRITE_FAILED',
  ],
  [90, 'mv: Permission denied', 'no permission to change /etc/x', 'WRITE_FAILED'],
  [
    90,
    'mv: Operation not permitted\nlsattr: ----i---------e------- /etc/x',
    '/etc/x or its directory is immutable',
    'WRITE_FAILED',
  ],
  [
    90,
    'mv: Operation not permitted\nlsattr: --------------e------- /etc/x',
    'no permission to change /etc/x',
    'WRITE_FAILED',
  ],
  [83, '', 'the directory /etc does not exist', 'WRITE_FAILED'],
  [82, '', '/etc/x was changed between reading and writing it', 'CHANGED_MEANWHILE'],
  [7, 'something else', 'cannot change /etc/x', 'WRITE_FAILED'],
])('status %i, saying %j', (status, stderr, message, code) => {
  const error = writeError('/etc/x', status, `0+0 records in\n${stderr}\n`)
  expect({ code: error.code, message: error.message }).toEqual({ code, message })
  expect(error.details.seen).toBe(stderr || `exit status ${status}`)
})
