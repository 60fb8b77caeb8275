import { expect, test } from 'vitest'
import { milliseconds, role, sameMeaning, scoreText } from '../../../../src/pacemaker/cib/meaning.ts'

test.each([
  ['30', 30_000],
  ['30s', 30_000],
  ['30 sec', 30_000],
  ['30000ms', 30_000],
  ['5min', 300_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['500us', 1],
  ['PT5M', 300_000],
  ['P1DT1H', 90_000_000],
  ['0', 0],
  ['soon', undefined],
  ['30 days', undefined],
  ['P', undefined],
  ['', undefined],
])('the time %s is %s ms', (text, expected) => {
  expect(milliseconds(text)).toBe(expected)
})

test.each([
  ['30s', '30', true],
  ['30s', '30000ms', true],
  ['5min', 'PT300S', true],
  ['30s', '31s', false],
  ['true', 'yes', true],
  ['on', '1', true],
  ['false', '0', true],
  ['true', 'false', false],
  ['1', '1s', true],
  ['0', 'no', true],
  ['INFINITY', '1000000', true],
  ['+INFINITY', 'INFINITY', true],
  ['-INFINITY', '-2000000', true],
  ['INFINITY', '-INFINITY', false],
  ['100', '+100', true],
  ['Master', 'Promoted', true],
  ['slave', 'Unpromoted', true],
  ['stop', 'freeze', false],
])('%s and %s: the same is %s', (one, other, same) => {
  expect(sameMeaning(one, other)).toBe(same)
  expect(sameMeaning(other, one)).toBe(same)
})

test('roles and scores have one spelling', () => {
  expect([undefined, 'Master', 'SLAVE', 'Started'].map(role)).toEqual([
    'Started',
    'Promoted',
    'Unpromoted',
    'Started',
  ])
  expect(['1000000', '-infinity', '+5', '07'].map(scoreText)).toEqual(['INFINITY', '-INFINITY', '5', '7'])
})
