import fc from 'fast-check'
import { expect, test } from 'vitest'
import { relationOf } from '../../../../src/drbd/health/relation.ts'

const id = fc.constantFrom(
  'A000000000000000',
  'A000000000000001',
  'B000000000000000',
  'C000000000000000',
  'D000000000000001',
)
const generation = fc.record({
  current: id,
  bitmap: fc.array(id, { maxLength: 2 }),
  history: fc.array(id, { maxLength: 2 }),
})
const REVERSE = {
  same: 'same',
  older: 'newer',
  newer: 'older',
  diverged: 'diverged',
  unknown: 'unknown',
} as const

test('seen from the other side it is the reverse, unless each knows the other as its past', () => {
  fc.assert(
    fc.property(generation, generation, (a, b) => {
      const one = relationOf(a, b)
      const other = relationOf(b, a)
      const isMutual = one === 'older' && other === 'older'
      expect(isMutual || other === REVERSE[one]).toBe(true)
    }),
  )
})

test('the mark of a primary makes no other generation; everything else does', () => {
  const alone = (current: string) => ({ current, bitmap: [], history: [] })
  expect(relationOf(alone('F013335FD1D01A97'), alone('F013335FD1D01A96'))).toBe('same')
  expect(relationOf(alone('F013335FD1D01A98'), alone('F013335FD1D01A96'))).toBe('diverged')
})
