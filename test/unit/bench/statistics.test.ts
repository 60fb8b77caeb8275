import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spreadOf } from '../../../scripts/bench/statistics.ts'

test.each([
  [[3], { median: 3, least: 3, most: 3, count: 1 }],
  [[9, 1, 5], { median: 5, least: 1, most: 9, count: 3 }],
  [[4, 1, 10, 2], { median: 3, least: 1, most: 10, count: 4 }],
])('%j', (values, spread) => {
  expect(spreadOf(values)).toEqual(spread)
})

test('as many values are below the median as above it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), (values) => {
      const { median } = spreadOf(values)
      const below = values.filter((value) => value < median).length
      const above = values.filter((value) => value > median).length
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2)
    }),
  )
})

test('of nothing there is no median', () => {
  expect(() => spreadOf([])).toThrow('nothing was measured')
})
