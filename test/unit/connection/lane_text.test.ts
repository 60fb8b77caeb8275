import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jobText, lastJobText, printfText } from '../../../src/connection/lane_text.ts'

describe.each(['dash', 'bash'])("%s's printf", (shell) => {
  test('gives every byte as it was', () => {
    const all = Buffer.from(Array.from({ length: 512 }, (_, index) => index & 255))
    const { stdout } = spawnSync(shell, ['-s'], { input: `printf '${printfText(all)}'` })
    expect(stdout).toEqual(all)
  })

  test('gives any bytes as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
        const { stdout } = spawnSync(shell, ['-s'], { input: `printf '${printfText(Buffer.from(array))}'` })
        expect(stdout).toEqual(Buffer.from(array))
      }),
      { numRuns: 40 },
    )
  })
})

describe('a job', () => {
  test('is one quoted argument of a function, with nothing to read', () => {
    expect(jobText("echo 'hi'", {})).toMatchInlineSnapshot(`
      "bringup_next
      bringup_job 'echo '\\''hi'\\''' </dev/null
      bringup_mark "end $?"
      "
    `)
  })

  test('sets its environment and directory inside', () => {
    expect(jobText('pwd', { env: { A: "it's" }, cwd: '/a b' }, Buffer.from('in\n'))).toMatchInlineSnapshot(`
      "bringup_next
      printf 'in
      ' | bringup_job 'export A='\\''it'\\''\\'\\'''\\''s'\\''
      CDPATH= cd -- '\\''/a b'\\'' || exit
      pwd'
      bringup_mark "end $?"
      "
    `)
  })

  test.each([
    ['a NUL byte in the script', () => jobText('a\0b', {})],
    ['a NUL byte in a value', () => jobText('a', { env: { A: '\0' } })],
    ['a NUL byte in the directory', () => jobText('a', { cwd: '/\0' })],
    ['a NUL byte in the last job of a shell', () => lastJobText('a\0b')],
    ['a NUL byte in a name', () => jobText('a', { env: { 'A\0': '' } })],
    ['a name that is none', () => jobText('a', { env: { 'A B': '' } })],
  ])('refuses %s', (_, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'ROLE_INVALID' }))
  })
})
