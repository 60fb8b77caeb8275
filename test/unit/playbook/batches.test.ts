import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchesOf } from '../../../src/playbook/batches.ts'
import type { Play } from '../../../src/playbook/playbook.ts'

test.each<[number, Play['serial'], number[]]>([
  [5, null, [5]],
  [5, 1, [1, 1, 1, 1, 1]],
  [5, 2, [2, 2, 1]],
  [5, 9, [5]],
  [5, '50%', [2, 2, 1]],
  [10, '30%', [3, 3, 3, 1]],
  [5, '10%', [1, 1, 1, 1, 1]],
  [5, '100%', [5]],
  [0, 2, []],
])('%i hosts, serial %j: %j', (count, serial, sizes) =>
  expect(batchesOf(Array.from({ length: count }), serial).map((batch) => batch.length)).toEqual(sizes),
)

test('every host is in one batch, in order', () => {
  const serial = fc.oneof(
    fc.constant(null),
    fc.integer({ min: 1, max: 20 }),
    fc.integer({ min: 1, max: 100 }).map((share) => `${share}%` as const),
  )
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 30 }), serial, (hosts, size) => {
      expect(batchesOf(hosts, size).flat()).toEqual(hosts)
    }),
  )
})
