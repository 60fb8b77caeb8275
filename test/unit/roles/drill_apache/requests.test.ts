import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countBetween, lastNumber, requestsIn } from '../../../../roles/drill_apache/requests.ts'

const line = (number: number, answered: boolean): string =>
  answered
    ? `[1700000000.123456] http_seq=${number} time=now`
    : `[1700000000.123456] no answer for http_seq=${number}`

test('each request is counted once, in the trial that it was sent in, whenever its answer came', () => {
  const sent = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(
      sent.chain((all) =>
        fc.tuple(
          fc.constant(all),
          fc.shuffledSubarray(
            all.map((_, index) => index),
            { minLength: all.length },
          ),
          fc.array(fc.nat(all.length), { maxLength: 5 }),
        ),
      ),
      ([all, order, marks]) => {
        const output = order.map((index) => line(index + 1, all[index] === true)).join('\n')
        const requests = requestsIn(output)
        expect(requests.map(({ answered }) => answered)).toEqual(all)
        expect(lastNumber(requests)).toBe(all.length)
        const bounds = [0, ...marks.toSorted((a, b) => a - b), all.length]
        const counts = bounds.slice(1).map((to, index) => countBetween(requests, bounds[index] ?? 0, to))
        expect(counts.reduce((sum, one) => sum + one.sent, 0)).toBe(all.length)
        expect(counts.reduce((sum, one) => sum + one.lost, 0)).toBe(all.filter((ok) => !ok).length)
      },
    ),
  )
})

test('a line that is being written, and what a shell complains, are no requests', () => {
  expect(requestsIn('bash: fork: retry\n[1700000000.1] http_')).toEqual([])
  expect(lastNumber([])).toBe(0)
})
