import { EventEmitter } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createLiveScreen } from '../../../src/report/live_screen.ts'

/** A terminal that keeps what was written to it. */
function terminal(columns: number, rows: number) {
  const written: string[] = []
  const events = new EventEmitter()
  return Object.assign(events, {
    columns,
    rows,
    written,
    write: (text: string) => written.push(text) > 0,
  })
}

type Fake = ReturnType<typeof terminal>
const screenOn = (fake: Fake) => createLiveScreen(fake as unknown as Parameters<typeof createLiveScreen>[0])
const lastOf = (fake: Fake): string[] => stripVTControlCharacters(fake.written.at(-1) ?? '').split('\r\n')

test('a text is drawn over the one before, line by line, and what is left of that is erased', () => {
  const fake = terminal(20, 5)
  const screen = screenOn(fake)
  screen.draw('one\ntwo')
  screen.draw('three')
  expect(fake.written.at(-1)).toBe('\u001B[H\u001B[2Kthree\u001B[J')
})

test('what does not fit is counted, and the screen follows the size of the terminal', () => {
  const fake = terminal(20, 3)
  const screen = screenOn(fake)
  screen.draw('1\n2\n3\n4\n5')
  expect(lastOf(fake)).toEqual(['1', '2', '… 3 more lines: make'])
  Object.assign(fake, { rows: 6 }).emit('resize')
  expect(lastOf(fake)).toEqual(['1', '2', '3', '4', '5'])
})

test('at the end the terminal is as before, with the last text on it, and nothing listens any more', () => {
  const fake = terminal(20, 5)
  const before = process.listenerCount('exit')
  const screen = screenOn(fake)
  screen.draw('text')
  expect(process.listenerCount('exit')).toBe(before + 1)
  screen.end()
  expect(fake.written.slice(-2)).toEqual(['\u001B[?25h\u001B[?1049l', 'text\n'])
  expect(process.listenerCount('exit')).toBe(before)
  expect(fake.listenerCount('resize')).toBe(0)
})

test('a screen that was never drawn leaves the terminal alone', () => {
  const fake = terminal(20, 5)
  screenOn(fake).end()
  expect(fake.written).toEqual([])
})
