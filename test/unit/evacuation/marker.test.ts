import { expect, test } from 'vitest'
import { markerText, parseMarker } from '../../../src/evacuation/marker.ts'
import type { Marker } from '../../../src/evacuation/marker.ts'
import { errorsOf } from '../../support/project.ts'

const marker: Marker = { phase: 'copying', was: { type: 'ext4', uuid: 'u' }, to: '/srv' }

test('what is written is read again', () => {
  expect(parseMarker(markerText(marker))).toEqual(marker)
  expect(parseMarker(null)).toBeNull()
  expect(parseMarker('')).toBeNull()
})

test.each(['{', '{"phase":"evacuated"}', '{"phase":"later"}', markerText(marker).slice(0, 20)])(
  'where it cannot be read, nobody guesses: %j',
  async (text) =>
    expect(await errorsOf(() => parseMarker(text))).toContain('is not what an evacuation writes'),
)
