import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Scene } from '../../../../roles/drill_apache/foretell.ts'
import { answersAsExpected, differences, inWords } from '../../../../roles/drill_apache/judge.ts'
import { tableOf } from '../../../../roles/drill_apache/table.ts'

const place = fc.constantFrom('a', 'b', null)
const some = fc.subarray(['a', 'b'])
const count = fc.oneof(fc.nat(4), fc.constant(Infinity))
const scene: fc.Arbitrary<Scene> = fc.record({
  apache: place,
  vip: place,
  failures: fc.record({ a: count, b: count }),
  banned: some,
  preferred: place,
  cutOff: some,
})

test('a trial is judged by everything: the same scene is as expected, any other is not', () => {
  fc.assert(
    fc.property(scene, (one) => {
      expect(differences(one, structuredClone(one))).toEqual([])
    }),
  )
  fc.assert(
    fc.property(scene, scene, (one, other) => {
      const same = fc.stringify(sorted(one)) === fc.stringify(sorted(other))
      expect(differences(one, other).length === 0).toBe(same)
    }),
  )
})

test('the order of nodes does not matter', () => {
  fc.assert(
    fc.property(scene, (one) => {
      const { a, b } = one.failures
      const turned = {
        ...one,
        failures: { b, a },
        banned: one.banned.toReversed(),
        cutOff: one.cutOff.toReversed(),
      }
      expect(differences(one, turned as Scene)).toEqual([])
      expect(inWords(turned as Scene)).toBe(inWords(one))
    }),
  )
})

const sorted = (one: Scene): unknown => [
  one.apache,
  one.vip,
  one.failures['a'],
  one.failures['b'],
  one.banned.toSorted(),
  one.preferred,
  one.cutOff.toSorted(),
]

test('what is otherwise is said with what it should have been', () => {
  const expected: Scene = {
    apache: 'a',
    vip: 'a',
    failures: { a: 1, b: 0 },
    banned: [],
    preferred: null,
    cutOff: [],
  }
  expect(differences(expected, { ...expected, apache: 'b', vip: 'b', failures: { a: 3, b: 0 } })).toEqual([
    'on b, not on a',
    'address on b, not address on a',
    'failures 3/0, not failures 1/0',
  ])
  expect(differences(expected, { ...expected, banned: ['b'], preferred: 'a', cutOff: ['b'] })).toEqual([
    'banned from b, not banned from no node',
    'a preferred, not no node preferred',
    'b cut off, not no node cut off',
  ])
})

test.each([
  ['a', 'a', true, true],
  ['a', 'b', true, false],
  ['a', null, true, false],
  ['a', 'anything', false, true],
  ['a', null, false, false],
  [null, null, true, true],
  [null, 'a', true, false],
  [null, '', false, false],
] as const)('Apache on %s, answer %s, page with the name %s: %s', (apache, answer, namesNode, good) => {
  expect(answersAsExpected({ apache }, answer, namesNode)).toBe(good)
})

test('the table', () => {
  const rows = [
    { trial: 'killed once', expected: 'on a, failures 1/0', seen: 'on a, failures 1/0', lost: 13, sent: 145 },
    { trial: 'killed twice in all', expected: 'on b, failures 2/0', seen: 'stopped', lost: 0, sent: 7 },
  ]
  expect(tableOf(rows)).toBe(
    `
trial                expected            seen      requests lost
killed once          on a, failures 1/0  the same  13 of 145
killed twice in all  on b, failures 2/0  stopped   0 of 7`.slice(1),
  )
})
