import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clocksAhead } from '../../../../roles/preflight/clocks.ts'
import type { ClockReading } from '../../../../roles/preflight/clocks.ts'

const seconds = (max: number): fc.Arbitrary<number> => fc.double({ min: 0, max, noNaN: true })

/** Nodes whose clocks are off by so much, each read somewhere between question and answer. */
const nodes = fc.array(
  fc.record({ offset: seconds(60), read: seconds(100), before: seconds(30), after: seconds(30) }),
  { minLength: 1, maxLength: 4 },
)

const readingsOf = (of: typeof nodes extends fc.Arbitrary<infer N> ? N : never): ClockReading[] =>
  of.map(({ offset, read, before, after }, index) => ({
    node: `server${index}`,
    asked: read - before,
    said: Math.floor(1e9 + read + offset),
    answered: read + after,
  }))

test('no clock is said to be further ahead than it is, however late the answers', () => {
  fc.assert(
    fc.property(nodes, (of) => {
      const offsets = of.map(({ offset }) => offset)
      for (const [index, { seconds }] of [...clocksAhead(readingsOf(of)).values()].entries())
        expect(seconds).toBeLessThanOrEqual(offsets[index]! - Math.min(...offsets) + 1e-6)
    }),
  )
})

test('what is said is short of it by the time that the answers took, and a second of each clock', () => {
  fc.assert(
    fc.property(nodes, (of) => {
      const offsets = of.map(({ offset }) => offset)
      const slowest = Math.max(...of.map(({ before, after }) => before + after))
      for (const [index, { seconds }] of [...clocksAhead(readingsOf(of)).values()].entries())
        expect(seconds).toBeGreaterThanOrEqual(
          offsets[index]! - Math.min(...offsets) - 2 * (slowest + 1) - 1e-6,
        )
    }),
  )
})

test('a node that answers late is not ahead, and one that is names the one behind', () => {
  const at = (node: string, said: number, answered: number): ClockReading => ({
    node,
    asked: 0,
    said,
    answered,
  })
  const [prompt, late, ahead] = [at('a', 1000, 0.1), at('b', 1008, 8.5), at('c', 1008, 0.1)]
  expect(clocksAhead([prompt, late]).get('b')).toEqual({ of: 'a', seconds: 0 })
  expect(clocksAhead([prompt, ahead]).get('c')).toEqual({ of: 'a', seconds: expect.closeTo(6.9) as number })
})
