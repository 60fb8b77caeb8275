import { expect, test } from 'vitest'
import { lacksModule } from '../../../../src/drbd/rejoin/forbidden_by_target.ts'
import type { RejoinQuestion } from '../../../../src/drbd/rejoin/question.ts'
import { reportsOf } from '../world.ts'
import type { ModelNode } from '../world.ts'
import { BLANK, pair, SERVING, TARGET } from './case.ts'

/** server2 comes back to server1, which runs 9.2.16. */
const lacks = (node: ModelNode, module: string | undefined): boolean => {
  const reports = reportsOf(pair, [SERVING, node]).map((report) => ({
    ...report,
    module: report.node === 'server2' ? module : '9.2.16',
  }))
  const asked: RejoinQuestion = { resource: pair, target: 'server2', reports, sizes: [], versions: 'equal' }
  return lacksModule(asked)
}

test('a machine that was reinstalled gets its module later, also where its kernel brought one', () => {
  expect(lacks(BLANK, undefined)).toBe(true)
  expect(lacks(BLANK, '8.4.11')).toBe(true)
  expect(lacks(BLANK, '9.2.15')).toBe(true)
  expect(lacks(BLANK, '9.2.16')).toBe(false)
})

test('one that is in use stays, and is told', () => {
  expect(lacks(TARGET, '8.4.11')).toBe(false)
})
