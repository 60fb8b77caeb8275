import { describe, expect, test } from 'vitest'
import { BringupError } from '../../../src/errors.ts'
import type { ErrorCode } from '../../../src/errors.ts'
import { endEvent } from '../../../src/run/end_event.ts'
import type { RunEvent } from '../../../src/run/events.ts'
import { advance, startOfRun } from '../../../src/run/progress.ts'
import type { Progress } from '../../../src/run/progress.ts'

type TaskEnd = Extract<RunEvent, { type: 'task_end' }>

const task = (host: string, status: TaskEnd['status'], code?: ErrorCode): RunEvent => ({
  type: 'task_end',
  role: 'web',
  host,
  task: 't',
  status,
  changes: [],
  milliseconds: 1,
  commands: [],
  ...(code === undefined ? {} : { error: { code, message: '' } }),
})

function after(...events: RunEvent[]): Progress {
  const progress = startOfRun(['a', 'b'])
  advance(progress, { type: 'role_start', role: 'web', summary: '', hosts: ['a', 'b'] })
  for (const event of events) advance(progress, event)
  return progress
}
const start = (host: string): RunEvent => ({ type: 'task_start', role: 'web', host, task: 't' })
const error = (code: ErrorCode): BringupError => new BringupError(code, 'no')

describe('how a run ended', () => {
  test.each([
    ['well', after(task('a', 'ok')), undefined, 'done', 0],
    ['with a failed task', after(task('a', 'failed', 'NOT_MET')), undefined, 'failed', 2],
    ['with an error of a role', after(), error('TASK_FAILED'), 'failed', 2],
    // A role that turns out to be wrong was not found before the first connection, which is what 5 would say.
    ['with a wrong call in a role', after(), error('ROLE_INVALID'), 'failed', 2],
    ['with a defect of ours', after(), error('INTERNAL'), 'failed', 1],
    ['with a host out of reach', after(), error('UNREACHABLE'), 'unreachable', 4],
    ['having lost a host', after(task('a', 'failed', 'CONNECTION_LOST')), undefined, 'unreachable', 4],
    [
      'having lost one, and failed on another',
      after(task('a', 'failed', 'CONNECTION_LOST'), task('b', 'failed', 'NOT_MET')),
      undefined,
      'failed',
      2,
    ],
    ['before it began, because of another run', startOfRun(['a']), error('LOCKED'), 'locked', 6],
    // As when another run took a host while it rebooted.
    ['in the middle, because of another run', after(), error('LOCKED'), 'failed', 2],
    ['interrupted', after(task('a', 'failed', 'NOT_MET')), error('INTERRUPTED'), 'interrupted', 130],
  ] as const)('%s', (_, progress, thrown, outcome, exitCode) => {
    expect(endEvent(progress, thrown, [], 5)).toMatchObject({ outcome, exitCode, milliseconds: 5 })
  })

  test('says where it was when it was interrupted, and what is still due', () => {
    const progress = after(start('a'), start('b'), task('a', 'ok'), task('b', 'interrupted', 'INTERRUPTED'))
    const due = [{ host: 'a', role: 'web', handler: 'restart' }]
    expect(endEvent(progress, error('INTERRUPTED'), due, 5)).toMatchObject({
      stoppedAt: { role: 'web', running: [{ host: 'b', task: 't' }] },
      due,
      recap: { a: { ok: 1, failed: 0 }, b: { ok: 0, failed: 0 } },
    })
    expect(endEvent(after(), undefined, [], 5)).not.toHaveProperty('due')
  })
})
