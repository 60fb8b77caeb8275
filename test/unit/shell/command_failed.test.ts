import { expect, test } from 'vitest'
import { commandFailed } from '../../../src/shell/command_failed.ts'

const SECRET = 'correct-horse'

const failed = (change: Partial<Parameters<typeof commandFailed>[0]>): [string, string | undefined] => {
  const error = commandFailed({
    host: 'n1',
    command: 'false',
    code: 1,
    stdout: '',
    stderr: '',
    redact: (text) => text.replaceAll(SECRET, '•••'),
    ...change,
  })
  return [error.message, error.details.seen]
}

test.each([
  [{}, '`false` ended with status 1', 'it said nothing'],
  [{ stderr: 'no such\n\n' }, '`false` ended with status 1', 'no such'],
  [{ stdout: 'said here\n' }, '`false` ended with status 1', 'said here'],
  [{ code: 137 }, '`false` ended with status 137 (signal 9)', 'it said nothing'],
  [{ command: '\n  set -x\n  false\n' }, '`set -x …` ended with status 1', 'it said nothing'],
  [{ command: 'x'.repeat(200) }, `\`${'x'.repeat(160)} …\` ended with status 1`, 'it said nothing'],
  [
    { stderr: Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n') },
    '`false` ended with status 1',
    Array.from({ length: 10 }, (_, index) => `line ${index + 20}`).join('\n'),
  ],
  // Where a secret is cut through, what is left of it is not shown.
  [
    { command: `${'x'.repeat(155)}${SECRET}` },
    `\`${'x'.repeat(155)}•••\` ended with status 1`,
    'it said nothing',
  ],
  [{ stderr: `${SECRET}${'x'.repeat(1990)}` }, '`false` ended with status 1', `•••${'x'.repeat(1990)}`],
])('%j', (change, message, seen) => {
  expect(failed(change)).toEqual([message, seen])
})
