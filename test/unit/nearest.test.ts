import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { didYouMean, editDistance, nearest } from '../../src/nearest.ts'

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['host', 'host', 0],
    ['host', 'hots', 1],
    ['host', 'hos', 1],
    ['host', 'hosts', 1],
    ['host', 'port', 2],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%j to %j takes %i', (a, b, distance) => expect(editDistance(a, b)).toBe(distance))

  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })

  test('is as good as trying all edits (a plain recursive definition)', () => {
    const naive = (a: string, b: string): number => {
      if (a === '' || b === '') return a.length + b.length
      const same = a.at(-1) === b.at(-1) ? 0 : 1
      const [shortA, shortB] = [a.slice(0, -1), b.slice(0, -1)]
      const swap = a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1) && a.length > 1 && b.length > 1
      return Math.min(
        naive(shortA, b) + 1,
        naive(a, shortB) + 1,
        naive(shortA, shortB) + same,
        swap ? naive(a.slice(0, -2), b.slice(0, -2)) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    const short = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 })
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(editDistance(a, b)).toBe(naive(a, b))
      }),
    )
  })

  test('is symmetric, and nothing only for equal words', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a))
        expect(editDistance(a, b) === 0).toBe(a === b)
      }),
    )
  })

  test('gives up just above a limit', () => {
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(editDistance(a, b), limit + 1))
      }),
    )
  })
})

describe('nearest', () => {
  test.each([
    ['clutser', ['cluster', 'clients'], 'cluster'],
    ['CLUSTER', ['cluster'], 'cluster'],
    ['netmask', ['vip', 'cluster_name'], null],
    ['vip', ['vipp', 'ip'], 'vipp'],
    ['ip', ['vip'], null],
    ['x', [], null],
  ])('%j among %j is %j', (name, known, meant) => expect(nearest(name, known)).toBe(meant))

  test('says what was meant, or nothing', () => {
    expect(didYouMean('hacluster_pasword', ['hacluster_password'])).toBe(
      ' (did you mean "hacluster_password"?)',
    )
    expect(didYouMean('netmask', ['vip'])).toBe('')
  })
})
