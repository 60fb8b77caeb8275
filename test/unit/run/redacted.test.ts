import { expect, test } from 'vitest'
import type { RunEvent } from '../../../src/run/events.ts'
import { redacted } from '../../../src/run/redacted.ts'
import { Redactor, Secret } from '../../../src/secret.ts'

const event: RunEvent = {
  type: 'task_end',
  role: 'web',
  host: 'server1',
  task: 'log in to server1 as task_end',
  status: 'changed',
  changes: [{ summary: 'changed', diff: { path: '/etc/x', before: null, after: 'changed server1' } }],
  milliseconds: 1,
  commands: [{ command: 'cat', code: 0, milliseconds: 1, stdout: 'server1', stderr: 'web', kind: 'change' }],
  error: { code: 'TASK_FAILED', message: 'no server1', host: 'server1' },
}

test('a secret is masked in every text, and never in what holds the event together', () => {
  const redactor = new Redactor()
  for (const word of ['server1', 'changed', 'task_end', 'TASK_FAILED', 'change'])
    redactor.add(new Secret(word))
  expect(redacted(redactor, event)).toEqual({
    ...event,
    task: 'log in to ••• as •••',
    changes: [{ summary: '•••', diff: { path: '/etc/x', before: null, after: '••• •••' } }],
    commands: [{ command: 'cat', code: 0, milliseconds: 1, stdout: '•••', stderr: 'web', kind: 'change' }],
    error: { code: 'TASK_FAILED', message: 'no •••', host: 'server1' },
  })
})

test('hosts of a play are names, too; a secret in an event is written as one', () => {
  const redactor = new Redactor()
  redactor.add(new Secret('server1'))
  const start = {
    type: 'play_start',
    play: 'On server1',
    hosts: ['server1'],
    by: new Secret('x'),
  } as RunEvent
  expect(redacted(redactor, start)).toEqual({
    type: 'play_start',
    play: 'On server1',
    hosts: ['server1'],
    by: '•••',
  })
})
