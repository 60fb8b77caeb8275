import { describe, expect, test } from 'vitest'
import { BringupError, BringupErrors } from '../../src/errors.ts'
import { createProblems } from '../../src/problems.ts'
import { errorsOf } from '../support/project.ts'

const at = (file: string, line: number, column = 1) => ({ file, line, column })

describe('problems', () => {
  test('none is no error', () => expect(() => createProblems().throwIfAny()).not.toThrow())

  test('are told file by file, from top to bottom, each once', async () => {
    const problems = createProblems()
    problems.add('VAR_INVALID', 'third', { at: at('b.yml', 9) })
    problems.add('VAR_INVALID', 'fourth', { at: at('a.yml', 3) })
    problems.add('VAR_INVALID', 'second', { at: at('b.yml', 2, 7) })
    problems.add('VAR_INVALID', 'first', { at: at('b.yml', 2, 1) })
    problems.add('VAR_INVALID', 'first', { at: at('b.yml', 2, 1) })
    expect(await errorsOf(() => problems.throwIfAny())).toMatchInlineSnapshot(`
      "b.yml:2:1 first [VAR_INVALID]
      b.yml:2:7 second [VAR_INVALID]
      b.yml:9:1 third [VAR_INVALID]
      a.yml:3:1 fourth [VAR_INVALID]"
    `)
  })

  test('the same for several hosts is one, with the hosts in it', async () => {
    const problems = createProblems()
    for (const host of ['server1', 'server2', 'server3', 'server4', 'server5'])
      problems.addFor([host], 'VAR_INVALID', (hosts) => `vip is wrong for ${hosts}`, { at: at('a.yml', 1) })
    expect(await errorsOf(() => problems.throwIfAny())).toMatchInlineSnapshot(
      `"a.yml:1:1 vip is wrong for server1, server2 and 3 more [VAR_INVALID]"`,
    )
  })

  test('of many, the first are told and the rest counted', () => {
    const problems = createProblems()
    for (let line = 1; line <= 5000; line++) problems.add('YAML_SYNTAX', 'wrong', { at: at('a.yml', line) })
    expect(problems.count).toBe(5000)
    const thrown = thrownBy(() => problems.throwIfAny())
    expect(thrown.problems).toHaveLength(51)
    expect(thrown.problems.at(-1)?.message).toBe('and 4950 more problems')
  })

  test('takes up our errors, and no others', () => {
    const problems = createProblems()
    problems.take(new BringupErrors([new BringupError('NO_HOSTS', 'a'), new BringupError('NO_HOSTS', 'b')]))
    expect(problems.count).toBe(2)
    expect(() => problems.take(new TypeError('a defect'))).toThrow('a defect')
  })
})

function thrownBy(work: () => void): BringupErrors {
  try {
    work()
  } catch (error) {
    return error as BringupErrors
  }
  throw new Error('nothing was thrown')
}
