import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { project } from '../../../support/project.ts'
import { PATCH_SCRIPT, patchInput, patchOutcome } from '../../../../src/pacemaker/cib/patch.ts'

/**
 * What real clusters of pacemaker 2.0.5, 2.1.5 and 3.0.0 answered; see the table in patch.ts. 1.1.19 by its sources: it
 * ends with the number of the error, errno's or its own.
 */
test.each([
  [0, '', 'sent'],
  [103, 'Call cib_apply_diff failed (-205): Update was older than existing configuration', 'moved on'],
  [103, 'Call cib_apply_diff failed: Update was older than existing configuration', 'moved on'],
  [1, 'Call cib_apply_diff failed (-206): Application of an update diff failed', 'moved on'],
  [1, 'Call cib_apply_diff failed: Application of update diff failed', 'moved on'],
  [
    78,
    'Call cib_apply_diff failed (-203): Update does not conform to the configured schema\n<cib epoch="1">\n  <x/>\n</cib>',
    'invalid',
  ],
  [90, 'error: Resource start-up disabled since no STONITH resources have been defined', 'invalid'],
  [102, 'Could not connect to the CIB: Transport endpoint is not connected', 'unknown'],
  [124, 'Call cib_apply_diff failed: Timer expired', 'unknown'],
  [205, 'Call cib_apply_diff failed (-205): Update was older than existing configuration', 'moved on'],
  [206, 'Call cib_apply_diff failed (-206): Application of an update diff failed', 'moved on'],
  [
    207,
    'Call cib_apply_diff failed (-207): Application of an update diff failed, requesting a full refresh',
    'moved on',
  ],
  [
    203,
    'Call cib_apply_diff failed (-203): Update does not conform to the configured schema\n<cib epoch="1"/>',
    'invalid',
  ],
  [62, 'Call cib_apply_diff failed (-62): Timer expired', 'unknown'],
  [107, 'Signon to CIB failed: Transport endpoint is not connected', 'unknown'],
  [70, 'Call cib_apply_diff failed (-70): Communication error on send', 'unknown'],
  [91, '', 'failed'],
  [98, "cd: can't cd to /tmp/x", 'failed'],
  [13, '', 'failed'],
] as const)('exit status %i, %j: %s', (code, stderr, kind) => {
  expect(patchOutcome(code, stderr).kind).toBe(kind)
})

test('of the CIB that cibadmin prints beside its complaint, nothing is shown', () => {
  const outcome = patchOutcome(
    78,
    'Call failed: schema\n<cib>\n  <nvpair name="password" value="hunter2"/>\n</cib>',
  )
  expect(outcome).toEqual({ kind: 'invalid', text: 'Call failed: schema' })
})

describe('the script', () => {
  /** Runs it with tools that only tell what they are given. @returns what became of it, and what it left */
  function run(input: string, tools: Record<string, string> = {}) {
    const scripts = {
      crm_verify: 'exit 0',
      crm_diff: 'cat "$2" "$4"; exit 1',
      cibadmin: 'cat "$3" >&2',
      ...tools,
    }
    const names = Object.keys(scripts)
    const directory = project(
      Object.fromEntries(
        Object.entries(scripts).map(([name, text]) => [`bin/${name}`, `#!/bin/sh\n${text}\n`]),
      ),
    )
    const temporary = join(directory, 'tmp')
    mkdirSync(temporary)
    for (const name of names) chmodSync(join(directory, 'bin', name), 0o755)
    const env = { PATH: `${join(directory, 'bin')}:${process.env['PATH']}`, TMPDIR: temporary }
    const { status, signal, stderr } = spawnSync('sh', ['-c', `(\n${PATCH_SCRIPT}\n)`], {
      input,
      env,
      encoding: 'utf8',
    })
    return { status: status ?? signal, stderr, left: readdirSync(temporary) }
  }
  const input = patchInput('<cib>\n old\n</cib>', '<cib>\n new\n</cib>')

  test('makes a patch of both, and leaves no file', () => {
    expect(run(input)).toEqual({ status: 0, stderr: '<cib>\n old\n</cib>\n<cib>\n new\n</cib>\n', left: [] })
  })

  test('applies nothing when the connection broke in the middle', () => {
    for (let length = 0; length < input.length; length++) {
      const { status, stderr, left } = run(input.slice(0, length))
      // The last newline is no loss.
      if (length === input.length - 1) continue
      expect({ status, stderr, left }).toEqual({
        status: 98,
        stderr: 'not all of the CIB has arrived\n',
        left: [],
      })
    }
  })

  test('leaves no file when it is ended', () => {
    expect(run(input, { crm_diff: 'kill -TERM "$PPID"; exit 1' })).toMatchObject({ status: 143, left: [] })
  })
})
