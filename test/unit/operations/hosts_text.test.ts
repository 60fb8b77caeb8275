import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addHosts, removeHosts } from '../../../src/operations/hosts_text.ts'
import type { HostsEntry } from '../../../src/operations/hosts_text.ts'

const debian = `127.0.0.1	localhost
127.0.1.1	server1.example.org	server1

# The following lines are desirable for IPv6 capable hosts
::1     localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
`

const pair: HostsEntry[] = [
  { address: '192.168.111.11', names: ['server1'] },
  { address: '192.168.111.12', names: ['server2'] },
]

describe('addHosts', () => {
  test("takes a node's name from the installer's 127.0.1.1, and leaves the rest", () => {
    expect(addHosts(debian, pair)).toMatchInlineSnapshot(`
      "127.0.0.1	localhost
      127.0.1.1	server1.example.org

      # The following lines are desirable for IPv6 capable hosts
      ::1     localhost ip6-localhost ip6-loopback
      ff02::1 ip6-allnodes
      192.168.111.11	server1
      192.168.111.12	server2
      "
    `)
  })

  test.each<[string, string, HostsEntry[], string]>([
    [
      'an address that loses its last name loses its line',
      '127.0.1.1 a\n10.0.0.1 x\n',
      [{ address: '10.0.0.2', names: ['a'] }],
      '10.0.0.1 x\n10.0.0.2\ta\n',
    ],
    [
      'but its comment stays',
      '10.0.0.9 a # old\n',
      [{ address: '10.0.0.2', names: ['a'] }],
      '# old\n10.0.0.2\ta\n',
    ],
    [
      'a line that has the names in order stays as it is',
      '10.0.0.1   a.example  a  # node\n',
      [{ address: '10.0.0.1', names: ['a'] }],
      '10.0.0.1   a.example  a  # node\n',
    ],
    [
      'names are put in order, others behind them',
      '10.0.0.1 b x # node\n',
      [{ address: '10.0.0.1', names: ['a', 'b'] }],
      '10.0.0.1\ta b x # node\n',
    ],
    [
      'names are the same in any case',
      '10.0.0.1 A\n',
      [{ address: '10.0.0.1', names: ['a'] }],
      '10.0.0.1 A\n',
    ],
    [
      'an IPv6 address is the same in any spelling',
      'FD00:0:0::1 a\n',
      [{ address: 'fd00::1', names: ['a'] }],
      'FD00:0:0::1 a\n',
    ],
    [
      'a name may have an address of each family',
      '10.0.0.1 a\n',
      [{ address: 'fd00::1', names: ['a'] }],
      '10.0.0.1 a\nfd00::1\ta\n',
    ],
    [
      'one of IPv6 leaves the loopback too',
      '127.0.1.1 a\n',
      [{ address: 'fd00::1', names: ['a'] }],
      'fd00::1\ta\n',
    ],
    [
      'one name at two addresses, when both are asked for',
      '',
      [
        { address: '10.0.0.1', names: ['a'] },
        { address: '10.1.0.1', names: ['a'] },
      ],
      '10.0.0.1\ta\n10.1.0.1\ta\n',
    ],
    [
      'an address in two lines keeps the names in one',
      '10.0.0.1 x\n10.0.0.1 a\n10.0.0.1 a b\n',
      [{ address: '10.0.0.1', names: ['a'] }],
      '10.0.0.1 x\n10.0.0.1 a\n10.0.0.1\tb\n',
    ],
    [
      'localhost keeps both of its addresses',
      '127.0.0.1 localhost\n::1 localhost\n',
      [{ address: '127.0.0.1', names: ['localhost'] }],
      '127.0.0.1 localhost\n::1 localhost\n',
    ],
    [
      'line ends of the file are kept',
      '10.0.0.1 a\r\n',
      [{ address: '10.0.0.2', names: ['b'] }],
      '10.0.0.1 a\r\n10.0.0.2\tb\r\n',
    ],
    [
      'a missing last line end is added',
      '10.0.0.1 a',
      [{ address: '10.0.0.2', names: ['b'] }],
      '10.0.0.1 a\n10.0.0.2\tb\n',
    ],
  ])('%s', (_, text, entries, after) => {
    expect(addHosts(text, entries)).toBe(after)
  })

  test('twice is once, and every name is at its address then', () => {
    fc.assert(
      fc.property(hostsText, fc.array(entry, { minLength: 1 }), (text, entries) => {
        const once = addHosts(text, entries)
        expect(addHosts(once, entries)).toBe(once)
        for (const { address, names } of entries)
          for (const name of names) expect(addressesOf(once, name)).toContain(address)
      }),
    )
  })

  test('leaves no other address of the family with the name', () => {
    fc.assert(
      fc.property(hostsText, entry, (text, one) => {
        const once = addHosts(text, [one])
        const sameFamily = addressesOf(once, one.names[0] ?? '').filter((address) => address.includes('.'))
        if (one.address.includes('.')) expect(new Set(sameFamily)).toEqual(new Set([one.address]))
      }),
    )
  })
})

describe('removeHosts', () => {
  test('takes names from their address and no other', () => {
    expect(removeHosts('10.0.0.1 a b\n10.0.0.2 a\n', [{ address: '10.0.0.1', names: ['a'] }])).toBe(
      '10.0.0.1\tb\n10.0.0.2 a\n',
    )
    expect(removeHosts('10.0.0.1 a\n', [{ address: '10.0.0.1', names: ['a'] }])).toBe('')
  })

  test('undoes what was added to a text that had none of it', () => {
    expect(removeHosts(addHosts(debian, [pair[1]!]), [pair[1]!])).toBe(debian)
  })
})

const address = fc.constantFrom('127.0.0.1', '127.0.1.1', '10.0.0.1', '10.0.0.2', '::1', 'fd00::1')
const name = fc.constantFrom('a', 'b', 'c', 'a.example')
const entry = fc.record({
  address,
  names: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
})
const hostsLine = fc.oneof(
  fc
    .tuple(address, fc.array(name, { maxLength: 3 }), fc.constantFrom('', ' # x', '#'))
    .map(([one, names, comment]) => `${one} ${names.join('\t')}${comment}`),
  fc.constantFrom('', '# 10.0.0.1 a', 'nonsense', ' '),
)
const hostsText = fc
  .tuple(fc.array(hostsLine), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ''))

function addressesOf(text: string, wanted: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => (line.split('#')[0] ?? '').trim().split(/\s+/))
    .filter(([, ...names]) => names.includes(wanted))
    .map(([one]) => one ?? '')
}
