import { expect, test } from 'vitest'
import { parseTargets, sourceLines } from '../../../scripts/lab/mirror.ts'

test('the mirror is the one that Debian signed, whatever else is configured', () => {
  const targets = [
    'Vendor|Vendor|http://packages.example/bookworm/',
    'Debian|Debian-Security|http://mirror.example/debian-security/',
    'Debian|Debian|http://mirror.example/debian/',
    'Debian|Debian|http://second.example/debian/',
  ]
  expect(parseTargets(targets.join('\n'))).toEqual({
    archive: 'http://mirror.example/debian',
    security: 'http://mirror.example/debian-security',
  })
})

test.each([
  ['nothing was ever fetched, so nothing is signed', '||http://mirror.example/debian/\n'],
  ['another distribution', 'Ubuntu|Ubuntu|http://archive.example/ubuntu/\n'],
  ['no sources', ''],
])('there is none: %s', (_, text) => {
  expect(parseTargets(text)).toBeUndefined()
})

test('security updates are beside an archive that has no entry for them', () => {
  expect(parseTargets('Debian|Debian|http://mirror.example/debian/\n')?.security).toBe(
    'http://mirror.example/debian-security',
  )
})

test('sources of a release; one past its support has no security suite', () => {
  const mirror = {
    archive: 'http://mirror.example/debian',
    security: 'http://mirror.example/debian-security',
  }
  const key = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  expect(sourceLines(mirror, 'trixie')).toEqual([
    `deb ${key} http://mirror.example/debian trixie main`,
    `deb ${key} http://mirror.example/debian trixie-updates main`,
    `deb ${key} http://mirror.example/debian-security trixie-security main`,
  ])
  expect(sourceLines(mirror, 'bullseye')).toEqual([
    `deb ${key} http://mirror.example/debian bullseye main`,
    `deb ${key} http://mirror.example/debian bullseye-updates main`,
  ])
})
