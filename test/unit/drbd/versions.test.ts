import { expect, test } from 'vitest'
import { granted } from '../../../src/drbd/verdict.ts'
import { newerThanKnown, releaseOf } from '../../../src/drbd/versions.ts'
import type { Product, Release } from '../../../src/drbd/versions.ts'

const release = (product: Product, text: string): Release => {
  const found = releaseOf(product, text)
  if ('refused' in found) throw new Error(found.refused)
  return found
}

test.each<[Product, string, Partial<Release>]>([
  ['drbd', '9.2.14', { version: '9.2.14', series: '9.2', packaging: null, text: '9.2.14' }],
  ['drbd', '9.0.19-1', { version: '9.0.19', series: '9.0', packaging: '1', text: '9.0.19-1' }],
  ['drbd', '8.4.11', { version: '8.4.11', series: '8.4' }],
  ['drbd-utils', ' 9.22.0\n', { version: '9.22.0', series: '9.22', text: '9.22.0' }],
])('%s %j', (product, text, expected) => {
  expect(release(product, text)).toMatchObject({ product, ...expected })
})

test.each<[Product, string, string]>([
  ['drbd', '', '"" is not a release of drbd'],
  ['drbd', '9.2', '"9.2" is not a release of drbd'],
  ['drbd', '9.2.0-rc.4', '"9.2.0-rc.4" is not a release of drbd'],
  ['drbd', '9.02.1', '"9.02.1" is not a release of drbd'],
  ['drbd', '9.2.14; reboot', '"9.2.14; reboot" is not a release of drbd'],
  ['drbd', '9.2.99999999999999999999', '"9.2.99999999999999999999" is not a release of drbd'],
  ['drbd', '8.3.16', 'drbd 8.3.16 is older than any that is supported'],
  ['drbd-utils', '8.9.3', 'drbd-utils 8.9.3 is older than any that is supported'],
])('%s %j is refused', (product, text, refused) => {
  const answer = releaseOf(product, text)
  expect(answer).toMatchObject({ ok: false, refused })
  expect(Object.values(answer).every((value) => value !== '')).toBe(true)
})

test('a refusal becomes an error that says the same', () => {
  const refusal = releaseOf('drbd', '9.2')
  if (!('refused' in refusal)) throw new Error('9.2 was taken')
  expect(() => granted(refusal)).toThrow(
    expect.objectContaining({
      code: 'REFUSED',
      message: refusal.refused,
      details: expect.objectContaining({ seen: '9.2', remedy: refusal.remedy }) as unknown,
    }),
  )
})

test.each<[Product, string, number]>([
  ['drbd', '9.0.32-1', 0],
  ['drbd', '9.0.33-1', 1],
  ['drbd', '9.2.19', 0],
  ['drbd', '9.2.20', 1],
  ['drbd', '9.1.24', 1],
  ['drbd', '9.4.0', 1],
  ['drbd-utils', '9.10.0', 0],
  ['drbd-utils', '9.34.0', 0],
  ['drbd-utils', '9.34.1', 1],
  ['drbd-utils', '10.0.0', 1],
])('whether %s %s is newer than the rules', (product, text, warnings) => {
  expect(newerThanKnown(release(product, text))).toHaveLength(warnings)
})
