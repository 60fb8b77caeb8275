import { expect, test } from 'vitest'
import { parseBenchOptions } from '../../../scripts/bench/options.ts'
import { BringupError } from '../../../src/errors.ts'

test('by default everything is measured: each number of hosts, with the delay and without', () => {
  const { settings, only, quick, write } = parseBenchOptions([])
  expect(settings).toHaveLength(8)
  expect(settings[0]).toEqual({ hosts: 1, delay: 0, repeats: 5 })
  expect(settings[7]).toEqual({ hosts: 50, delay: 20, repeats: 5 })
  expect([only, quick, write]).toEqual([['steps', 'start', 'simulated'], false, false])
})

test('repeats are one number, or one for each number of hosts', () => {
  const { settings } = parseBenchOptions(['--hosts', '2,50', '--delay', '20', '--repeats', '5,1'])
  expect(settings).toEqual([
    { hosts: 2, delay: 20, repeats: 5 },
    { hosts: 50, delay: 20, repeats: 1 },
  ])
})

test('a first install is measured only when asked for', () => {
  expect(parseBenchOptions(['--only', 'install']).only).toEqual(['install'])
})

test('quick results never get into the page', () => {
  expect(parseBenchOptions(['--quick', '--write'])).toMatchObject({ quick: true, write: false })
})

test.each([
  [['--hosts', '51']],
  [['--hosts', 'two']],
  [['--repeats', '1,2']],
  [['--only', 'stpes']],
  [['--fast']],
  [['now']],
])('%j is refused', (args) => {
  expect(() => parseBenchOptions(args)).toThrow(BringupError)
})
