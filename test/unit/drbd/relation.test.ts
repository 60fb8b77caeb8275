import fc from 'fast-check'
import { expect, test } from 'vitest'
import { relationOf, relationOfAll } from '../../../src/drbd/relation.ts'

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
  unrelated: 'unrelated',
} as const

test('seen from the other side it is the reverse', () => {
  fc.assert(
    fc.property(generation, generation, (a, b) => {
      expect(relationOf(b, a)).toBe(REVERSE[relationOf(a, b)])
    }),
  )
})

const [A, B, C, D] = ['A'.repeat(15), 'B'.repeat(15), 'C'.repeat(15), 'D'.repeat(15)].map(
  (id) => `${id}0`,
) as [string, string, string, string]
const of = (current: string, bitmap: string[] = [], history: string[] = []) => ({ current, bitmap, history })

test.each([
  ['nothing happened since', of(A, [], [B]), of(A, [B]), 'same'],
  ['it was away, and the other went on', of(A), of(B, [A]), 'older'],
  ['it was away for long', of(A), of(C, [B], [A]), 'older'],
  ['the other was away', of(B, [A]), of(A), 'newer'],
  ['both went on', of(B, [A]), of(C, [A]), 'diverged'],
  ['both went on, and one of them twice', of(B, [A]), of(D, [C], [A]), 'diverged'],
  ['each has the other in its past', of(A, [B]), of(B, [A]), 'diverged'],
  ['two origins', of(A, [B]), of(C, [D]), 'unrelated'],
  ['two origins, both of 8.4', of(A, [], ['0000000000000004']), of(C, [], ['0000000000000004']), 'unrelated'],
] as const)('%s', (_what, a, b, relation) => {
  expect(relationOf(a, b)).toBe(relation)
})

test('the mark of a primary makes no other generation; everything else does', () => {
  expect(relationOf(of('F013335FD1D01A97'), of('F013335FD1D01A96'))).toBe('same')
  expect(relationOf(of('F013335FD1D01A98'), of('F013335FD1D01A96'))).toBe('unrelated')
})

test.each([
  [[], undefined],
  [['same', 'same'], 'same'],
  [['same', 'older'], 'older'],
  [['older', 'newer'], 'diverged'],
  [['older', 'unrelated'], 'unrelated'],
  [['unrelated', 'diverged'], 'diverged'],
] as const)('of volumes %j: %s', (relations, all) => {
  expect(relationOfAll(relations)).toBe(all)
})
