import { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FIRST_PATIENCE, PATIENCE, watchSilence } from '../../../src/connection/silence.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watched(): { socket: Duplex; errors: string[] } {
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() })
  const errors: string[] = []
  watchSilence(socket, ({ message }) => errors.push(message))
  return { socket, errors }
}

const said = async (socket: Duplex): Promise<void> => {
  socket.push('x')
  await vi.advanceTimersByTimeAsync(0)
}

test('a host that says nothing is given up once', async () => {
  const { socket, errors } = watched()
  await said(socket)
  await vi.advanceTimersByTimeAsync((PATIENCE - 1) * 1000)
  expect(errors).toEqual([])
  await vi.advanceTimersByTimeAsync(1000 * PATIENCE * 3)
  expect(errors).toEqual(['the host has not answered for 20 s'])
})

test('one that was logged in to just now has more time', async () => {
  const { errors } = watched()
  await vi.advanceTimersByTimeAsync((FIRST_PATIENCE - 1) * 1000)
  expect(errors).toEqual([])
  await vi.advanceTimersByTimeAsync(1000)
  expect(errors).toEqual(['the host has not answered for 35 s'])
})

test('one byte in all that time is an answer', async () => {
  const { socket, errors } = watched()
  await said(socket)
  for (let round = 0; round < 5; round += 1) {
    await vi.advanceTimersByTimeAsync((PATIENCE - 1) * 1000)
    await said(socket)
  }
  expect(errors).toEqual([])
})

test('the time in which this process was stopped does not count', async () => {
  const { socket, errors } = watched()
  await said(socket)
  // As after SIGSTOP and SIGCONT: the clock has moved on, and the timer is late, once.
  vi.setSystemTime(Date.now() + 3_600_000)
  await vi.advanceTimersByTimeAsync(1000)
  await said(socket)
  expect(errors).toEqual([])
})

test('a connection that is closed is not watched any more', async () => {
  const { socket, errors } = watched()
  socket.destroy()
  await vi.advanceTimersByTimeAsync(PATIENCE * 2000)
  expect(errors).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})
