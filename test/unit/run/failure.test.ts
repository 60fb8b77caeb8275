import { describe, expect, test } from 'vitest'
import { BringupError } from '../../../src/errors.ts'
import { asFailure } from '../../../src/run/failure.ts'

// This file stands for a role: it is neither the engine's nor a package's.
const cwd = new URL('.', import.meta.url).pathname
const failure = (thrown: unknown): BringupError => asFailure(thrown, { where: { host: 'a' }, cwd })
const thrownBy = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    return error
  }
}

describe('what a role throws', () => {
  test.each([
    ['its own words', new Error('the disk is too small'), 'the disk is too small'],
    ['a defect', thrownBy(() => (null as unknown as { x: number }).x), /^TypeError: Cannot read/],
    ['an error without words', new RangeError(''), 'RangeError: '],
    [
      'several',
      new AggregateError([new Error('one'), new TypeError('two')]),
      'AggregateError: one; TypeError: two',
    ],
    ['no error at all', 'a word', "the role threw 'a word'"],
    ['nothing', undefined, 'the role threw undefined'],
  ])('%s', (_, thrown, message) => {
    const error = failure(thrown)
    expect(error).toMatchObject({ code: 'TASK_FAILED', details: { host: 'a' } })
    expect(error.message).toEqual(expect.stringMatching(message))
    if (thrown instanceof Error) expect(error.details.at?.file).toBe('failure.test.ts')
  })

  test('keeps why', () => {
    const thrown = new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') })
    expect(failure(thrown).details.seen).toBe('connect ECONNREFUSED')
  })
})

test('an error of ours stays what it is, and learns where it was', () => {
  const error = failure(new BringupError('NOT_MET', 'still not', { task: 'x', remedy: 'Look.' }))
  expect(error).toMatchObject({
    code: 'NOT_MET',
    message: 'still not',
    details: { task: 'x', host: 'a', remedy: 'Look.', at: { file: 'failure.test.ts' } },
  })
})

test('what the engine throws that is no error of ours is a defect of the engine, with both places', () => {
  const thrown = new TypeError('x is not a function')
  thrown.stack = `TypeError: x is not a function
    at f (${new URL('../../../src/run/task.ts', import.meta.url).pathname}:3:4)
    at async run (${cwd}role.ts:7:8)`
  expect(failure(thrown)).toMatchObject({
    code: 'INTERNAL',
    details: {
      at: { file: 'role.ts', line: 7, column: 8 },
      seen: expect.stringContaining('src/run/task.ts:3:4') as string,
    },
  })
})

test('the place of the call stands in for a stack that begins later', () => {
  const thrown = new Error('late')
  thrown.stack = 'Error: late\n    at node:internal/timers:1:2'
  expect(asFailure(thrown, { cwd, called: new Error() }).details.at?.file).toBe('failure.test.ts')
})
