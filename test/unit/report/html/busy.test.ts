import { expect, test } from 'vitest'
import { busy } from '../../../../src/report/html/busy.ts'

test.each([
  ['nothing', [], 0],
  [
    'one after the other',
    [
      [0, 10],
      [10, 5],
    ],
    15,
  ],
  [
    'a pause',
    [
      [0, 10],
      [20, 5],
    ],
    15,
  ],
  [
    'at the same time',
    [
      [0, 10],
      [2, 3],
      [5, 10],
    ],
    15,
  ],
  [
    'in any order',
    [
      [20, 5],
      [0, 10],
    ],
    15,
  ],
] as const)('time at work: %s', (_, tasks, time) => {
  expect(busy(tasks.map(([begin, milliseconds]) => ({ begin, milliseconds })))).toBe(time)
})
