import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runAtEnd } from '../../../src/run/at_end.ts'
import type { RoleHosts } from '../../../src/run/at_end.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const signals: AbortSignal[] = []
const hostsUntil = (signal: AbortSignal): RoleHosts<unknown> => {
  signals.push(signal)
  return {} as RoleHosts<unknown>
}

test('the last one is done first, and each whatever became of the others', async () => {
  const done: number[] = []
  const errors = await runAtEnd(
    [async () => done.push(1), () => Promise.reject(new Error('no')), async () => done.push(3)],
    hostsUntil,
  )
  expect(done).toEqual([3, 1])
  expect(errors).toMatchObject([{ message: 'no' }])
})

test('one that never ends is ended, and at last left behind', async () => {
  const all = runAtEnd([() => new Promise(() => {})], hostsUntil)
  await vi.advanceTimersByTimeAsync(119_000)
  expect(signals.at(-1)?.aborted).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(signals.at(-1)?.aborted).toBe(true)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await all).toMatchObject([{ code: 'TIMEOUT' }])
})
