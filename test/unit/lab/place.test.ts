import { expect, test } from 'vitest'
import { labPlace, labsRoot } from '../../../scripts/lab/place.ts'

test('labs of the same name in two clones of the project share nothing', () => {
  const one = Object.values(labPlace('default', '/a/.lab'))
  const other = Object.values(labPlace('default', '/b/.lab'))
  expect(one.filter((value) => other.includes(value))).toEqual(['default'])
})

test('a lab has the same place every time, so that it can be found after a crash', () => {
  expect(labPlace('default', '/a/.lab')).toEqual(labPlace('default', '/a/.lab'))
})

test.each(['', 'Lab', '1lab', 'a/b', '..', 'a b', 'x'.repeat(25)])('no name for a lab: "%s"', (name) => {
  expect(() => labPlace(name, '/a')).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

test('BRINGUP_LAB_DIR moves the labs', () => {
  expect(labsRoot({ BRINGUP_LAB_DIR: '/elsewhere' })).toBe('/elsewhere')
})
