import { expect, test } from 'vitest'
import { utilsServe } from '../../../src/drbd/utils_for_module.ts'

test.each([
  ['9.10.0', '9.0.19-1', '9.2.0'],
  ['9.2.0', '9.2.0', '9.2.0'],
  ['9.25.0', '9.2.7', '9.2.0'],
  ['9.22.0', '9.1.18', '9.2.0'],
  ['9.27.0', '9.2.8', '9.2.0'],
  ['9.34.0', '9.3.3', '9.2.0'],
  ['9.34.0', '9.0.19-1', '9.2.0'],
  ['9.15.0', '8.4.11', '8.9.4'],
])('drbd-utils %s serve DRBD %s', (utils, module, least) => {
  expect(utilsServe(utils, module)).toEqual({ ok: true, warnings: [], least })
})

test.each([
  ['9.1.0', '9.0.19-1', '9.2.0'],
  ['9.1.0', '9.3.0', '9.2.0'],
])('drbd-utils %s are too old for DRBD %s', (utils, module, least) => {
  expect(utilsServe(utils, module)).toMatchObject({
    refused: `drbd-utils ${utils} are too old for DRBD ${module}`,
    expected: `drbd-utils ${least} or newer`,
    seen: `drbd-utils ${utils}`,
  })
})

// Debian 12 has 9.22, with which 9.2.16 was seen to work.
test.each([
  ['9.22.0', '9.2.7', '9.25.0'],
  ['9.22.0', '9.2.16', '9.27.0'],
  ['9.26.0', '9.1.23', '9.27.0'],
  ['9.15.0', '9.3.0', '9.27.0'],
])('drbd-utils %s serve DRBD %s, which asks for %s', (utils, module, asked) => {
  expect(utilsServe(utils, module)).toMatchObject({
    ok: true,
    warnings: [expect.stringContaining(`DRBD ${module} asks for drbd-utils ${asked} or newer`)],
  })
})

test('8.4 has tools of its own, which a build may lack', () => {
  expect(utilsServe('9.34.0', '8.4.11', { support84: false })).toMatchObject({
    expected: 'drbd-utils built with 84support',
  })
  expect(utilsServe('9.34.0', '9.3.3', { support84: false })).toMatchObject({ ok: true })
})

test('what is newer than the rules is told', () => {
  expect(utilsServe('9.40.0', '9.3.9')).toMatchObject({
    warnings: [expect.stringContaining('drbd-utils 9.40.0'), expect.stringContaining('drbd 9.3.9')],
  })
})

test('no version is no version', () => {
  expect(utilsServe('9', '9.3.3')).toMatchObject({ refused: '"9" is not a release of drbd-utils' })
  expect(utilsServe('9.34.0', '9')).toMatchObject({ refused: '"9" is not a release of drbd' })
})
