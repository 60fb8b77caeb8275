import { describe, expect, test } from 'vitest'
import { isClosed, refusedAddress, refusedName } from '../../../src/connection/egress_rules.ts'

const NONE = { allow: [], only: null }

describe('addresses', () => {
  test.each([
    ['127.0.0.1', true],
    ['127.255.255.254', true],
    ['0.0.0.0', true],
    ['10.1.2.3', true],
    ['172.15.255.255', false],
    ['172.16.0.1', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.111.1', true],
    ['169.254.169.254', true],
    ['100.64.0.1', true],
    ['224.0.0.1', true],
    ['255.255.255.255', true],
    ['151.101.2.132', false],
    ['192.167.1.1', false],
    ['::1', true],
    ['::', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:7f00:1', true],
    ['::ffff:151.101.2.132', false],
    ['::127.0.0.1', true],
    ['64:ff9b::a00:1', true],
    ['2002:a00:1::1', true],
    ['fe80::1', true],
    ['fc00::1', true],
    ['fd12:3456::1', true],
    ['ff02::1', true],
    ['2a04:4e42::644', false],
  ])('%s is closed: %s', (address, closed) => {
    expect(isClosed(address, [])).toBe(closed)
  })

  test('the controller’s own addresses are closed, public ones too', () => {
    expect(isClosed('151.101.2.132', ['151.101.2.132', '2a04:4e42::644'])).toBe(true)
    expect(isClosed('2a04:4e42::644', ['151.101.2.132', '2a04:4e42::644'])).toBe(true)
  })

  test.each([
    ['nothing allowed', [], 'a private network'],
    ['the name', ['mirror.lan'], null],
    ['the name with the port', ['mirror.lan:3142'], null],
    ['the name with another port', ['mirror.lan:80'], 'a private network'],
    ['names below', ['*.lan'], null],
    ['another name', ['other.lan'], 'a private network'],
    ['a name that only ends alike', ['*.or.lan'], 'a private network'],
    ['the address', ['10.1.2.3'], null],
    ['the address with the port', ['10.1.2.3:3142'], null],
    ['the network', ['10.0.0.0/8'], null],
    ['another network', ['10.2.0.0/16'], 'a private network'],
  ])('a private address with %s', (_, allow, reason) => {
    const refused = refusedAddress(
      { allow, only: null },
      { host: 'mirror.lan', port: 3142, address: '10.1.2.3' },
      [],
    )
    expect(refused).toEqual(reason === null ? null : expect.stringContaining(reason))
  })

  test.each([
    ['[fd00::1]:80', 'fd00::1', 80],
    ['fd00::1', 'fd00::1', 80],
    ['fd00::/8', 'fd00::1', 8080],
  ])('%s allows %s', (entry, address, port) => {
    expect(refusedAddress({ allow: [entry], only: null }, { host: address, port, address }, [])).toBeNull()
  })
})

describe('names', () => {
  test.each([
    ['packages.example.org', 80, null, null],
    ['packages.example.org', 443, null, null],
    ['packages.example.org', 3142, null, null],
    ['packages.example.org', 22, null, 'port 22'],
    ['packages.example.org', 25, null, 'port 25'],
    ['packages.example.org', 0, null, 'port 0'],
    ['packages.example.org', 80, ['*.example.org'], null],
    ['PACKAGES.example.org.', 80, ['*.example.org'], null],
    ['evil.org', 80, ['*.example.org'], 'not on the list'],
    ['evilexample.org', 80, ['*.example.org'], 'not on the list'],
    ['packages.example.org', 80, ['packages.example.org:443'], 'not on the list'],
  ])('%s:%s with only %j', (host, port, only, reason) => {
    expect(refusedName({ ...NONE, only }, host, port)).toEqual(
      reason === null ? null : expect.stringContaining(reason),
    )
  })
})
