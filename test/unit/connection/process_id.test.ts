import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseProcStat } from '../../../src/connection/process_id.ts'

test('reads this very process', () => {
  expect(parseProcStat(readFileSync('/proc/self/stat', 'latin1'))).toMatchObject({ pid: process.pid })
})

test.each([
  ['4 (sh) S 1 4 4 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 777 8 9', { pid: 4, started: '777' }],
  ['4 (a) b (c) d) S 1 4 4 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 777 8 9', { pid: 4, started: '777' }],
  ['', null],
  ['4 (sh) S 1', null],
])('%s', (line, expected) => {
  expect(parseProcStat(line)).toEqual(expected)
})
