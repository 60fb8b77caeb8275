import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shownSync, syncProgress } from '../../../src/drbd/sync_progress.ts'

const GIB = 1024 * 1024
const reading = (seconds: number, outOfSync: number, size = 10 * GIB) => ({
  at: seconds * 1000,
  outOfSync,
  size,
})

test.each([
  ['halfway', reading(0, 6 * GIB), reading(10, 5 * GIB), 'server2: 50.0 %, 102.4 MiB/s, 50 s left'],
  [
    'slowly',
    reading(0, 9 * GIB),
    reading(100, 9 * GIB - 100 * 1024),
    'server2: 10.9 %, 1.0 MiB/s, 2 h 31 min left',
  ],
  [
    'minutes',
    reading(0, 9 * GIB),
    reading(2, 9 * GIB - 100 * 1024),
    'server2: 10.9 %, 50.0 MiB/s, 3 min 3 s left',
  ],
  ['almost', reading(0, 2048), reading(1, 1), 'server2: 99.9 %, 2.0 MiB/s, 1 s left'],
  ['done', reading(0, 2048), reading(1, 0), 'server2: in sync'],
  ['stalled', reading(0, 5 * GIB), reading(10, 5 * GIB), 'server2: 50.0 %, stalled'],
  ['written to faster than copied', reading(0, 5 * GIB), reading(10, 6 * GIB), 'server2: 40.0 %, stalled'],
  ['the same moment', reading(5, 6 * GIB), reading(5, 5 * GIB), 'server2: 50.0 %, stalled'],
])('%s', (_what, before, now, line) => {
  expect(shownSync('server2', syncProgress(before, now))).toBe(line)
})

test('numbers stay within what they can be, whatever is read', () => {
  const amount = fc.integer({ min: 0, max: 2 ** 40 })
  fc.assert(
    fc.property(amount, amount, amount, fc.nat(), fc.nat(), (size, before, now, from, to) => {
      const { percent, rate, secondsLeft } = syncProgress(
        { at: from, outOfSync: before, size },
        { at: to, outOfSync: now, size },
      )
      expect(percent).toBeGreaterThanOrEqual(0)
      expect(percent === 100).toBe(Math.min(now, size) === 0)
      if (rate !== undefined) expect(rate).toBeGreaterThan(0)
      if (secondsLeft !== undefined) expect(Number.isFinite(secondsLeft)).toBe(true)
    }),
  )
})
