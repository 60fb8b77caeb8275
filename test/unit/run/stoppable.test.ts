import { expect, test } from 'vitest'
import { createInFlight } from '../../../src/run/in_flight.ts'
import { stoppable } from '../../../src/run/stoppable.ts'

const never = new Promise<never>(() => {})

test('work that ends by itself gives its result, or its error', async () => {
  const { signal } = new AbortController()
  expect(await stoppable(Promise.resolve(3), signal, createInFlight())).toBe(3)
  await expect(stoppable(Promise.reject(new Error('no')), signal, createInFlight())).rejects.toThrow('no')
})

test('work that takes no notice of the signal is left behind', async () => {
  const controller = new AbortController()
  const stopped = stoppable(never, controller.signal, createInFlight())
  controller.abort(new Error('interrupted'))
  await expect(stopped).rejects.toThrow('interrupted')
  await expect(stoppable(never, controller.signal, createInFlight())).rejects.toThrow('interrupted')
})

test('what it has running on the host is seen to its end first', async () => {
  const controller = new AbortController()
  const onHost = createInFlight()
  const killed = Promise.withResolvers<void>()
  const told: string[] = []
  void onHost.add('a command', killed.promise).then(() => told.push('killed'))
  const stopped = stoppable(never, controller.signal, onHost).catch(() => told.push('stopped'))
  controller.abort(new Error('interrupted'))
  await new Promise(setImmediate)
  expect(told).toEqual([])
  killed.resolve()
  await stopped
  expect(told).toEqual(['killed', 'stopped'])
})

test('the work’s own error wins where its command was ended', async () => {
  const controller = new AbortController()
  const onHost = createInFlight()
  const command = Promise.withResolvers<void>()
  const work = onHost
    .add('a command', command.promise)
    .catch(() => Promise.reject(new Error('told by the command')))
  const stopped = stoppable(work, controller.signal, onHost)
  controller.abort(new Error('interrupted'))
  command.reject(new Error('killed'))
  await expect(stopped).rejects.toThrow('told by the command')
})

test('what is in flight is known by name until it has ended, well or not', async () => {
  const flight = createInFlight()
  const [one, two] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const first = flight.add('one', one.promise)
  flight.add('two', two.promise).catch(() => {})
  expect(flight.names).toEqual(['one', 'two'])
  one.resolve()
  await first
  expect(flight.names).toEqual(['two'])
  two.reject(new Error('no'))
  await flight.settled()
  expect(flight.names).toEqual([])
})
