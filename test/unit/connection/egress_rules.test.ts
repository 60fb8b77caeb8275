import { describe, expect, test } from 'vitest'
import { isClosed, refusedAddress, refusedName } from '../../../src/connection/egress_rules.ts'

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

  test('private ones are refused in words, by name and by number', () => {
    expect(refusedAddress({ host: 'mirror.lan', address: '10.1.2.3' }, [])?.why).toBe(
      'mirror.lan is 10.1.2.3, which is in a private network of the controller, or its own address',
    )
    expect(refusedAddress({ host: '10.1.2.3', address: '10.1.2.3' }, [])?.why).toMatch(
      /^10\.1\.2\.3 is in a /,
    )
    expect(refusedAddress({ host: 'mirror.example', address: '151.101.2.132' }, [])).toBeNull()
  })
})

describe('names', () => {
  test.each([
    ['packages.example.org', 80, ['packages.example.org'], null],
    ['packages.example.org', 443, ['packages.example.org'], null],
    ['packages.example.org', 3142, ['packages.example.org'], 'packages.example.org:3142 is not on the list'],
    ['packages.example.org', 3142, ['packages.example.org:3142'], null],
    ['packages.example.org', 80, ['packages.example.org:3142'], 'packages.example.org is not on the list'],
    ['packages.example.org', 22, ['packages.example.org:22'], 'port 22 is not for fetching'],
    ['packages.example.org', 25, ['packages.example.org'], 'port 25 is not for fetching'],
    ['packages.example.org', 0, ['packages.example.org'], 'port 0 is not for fetching'],
    ['packages.example.org', 80, ['*.example.org'], null],
    ['packages.example.org', 3142, ['*.example.org:3142'], null],
    ['PACKAGES.example.org.', 80, ['*.Example.org'], null],
    ['example.org', 80, ['*.example.org'], 'not on the list'],
    ['evil.org', 80, ['*.example.org'], 'not on the list'],
    ['evilexample.org', 80, ['*.example.org'], 'not on the list'],
    ['example.org.evil.org', 80, ['example.org'], 'not on the list'],
    ['2001:db8::1', 443, ['[2001:db8::1]'], null],
    ['2001:db8::1', 3142, ['[2001:db8::1]:3142'], null],
    ['2001:db8::1', 3142, ['[2001:db8::1]'], '[2001:db8::1]:3142 is not on the list'],
    ['any.example', 80, [], 'the list'],
  ])('%s:%s with %j', (host, port, allowed, why) => {
    const refusal = refusedName(allowed, { host, port })
    expect(refusal?.why ?? null).toEqual(why === null ? null : expect.stringContaining(why))
  })

  test('a refusal says what is on the list, and the setting that adds to it', () => {
    const many = Array.from({ length: 20 }, (_, index) => `mirror${index}.example`)
    expect(refusedName(['a.example', 'b.example:8080'], { host: 'c.example', port: 8080 })).toEqual({
      why: 'c.example:8080 is not on the list of places that this host may reach (a.example, b.example:8080)',
      remedy: "Where that is meant, add it in the inventory: egress_allow: ['c.example:8080'].",
    })
    expect(refusedName(many, { host: 'c.example', port: 80 })?.why).toMatch(/mirror11\.example and 8 more\)$/)
    expect(refusedName([], { host: 'c.example', port: 80 })?.why).toMatch(/\(it is empty\)$/)
  })
})
