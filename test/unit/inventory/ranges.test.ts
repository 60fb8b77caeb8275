import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandRanges } from '../../../src/inventory/ranges.ts'

describe('expandRanges', () => {
  test.each([
    ['server', ['server']],
    ['server[1:3]', ['server1', 'server2', 'server3']],
    ['server[9:11]', ['server9', 'server10', 'server11']],
    ['server[09:11]', ['server09', 'server10', 'server11']],
    ['server[001:002]', ['server001', 'server002']],
    ['server[0:8:4]', ['server0', 'server4', 'server8']],
    ['rack[a:c]', ['racka', 'rackb', 'rackc']],
    ['rack[A:E:2]', ['rackA', 'rackC', 'rackE']],
    ['r[1:2]n[a:b].example', ['r1na.example', 'r1nb.example', 'r2na.example', 'r2nb.example']],
    ['server[5:5]', ['server5']],
  ])('%s', (name, hosts) => expect(expandRanges(name)).toEqual(hosts))

  test.each([
    ['server[1:3', 'a "[" without its "]"'],
    ['server1]', 'a "]" without its "["'],
    ['server[3:1]', 'the range [3:1] runs backwards'],
    ['rack[c:a]', 'the range [c:a] runs backwards'],
    ['server[01:100]', 'the range [01:100] starts with zeros, so both ends need as many digits'],
    ['server[1:z]', 'the range [1:z] runs neither from number to number nor from letter to letter'],
    ['server[a:Z]', 'the range [a:Z] runs neither from number to number nor from letter to letter'],
    ['server[1]', 'the range [1] runs neither from number to number nor from letter to letter'],
    ['server[]', 'the range [] runs neither from number to number nor from letter to letter'],
    ['server[1:9:0]', 'the range [1:9:0] is not [first:last] or [first:last:step]'],
    ['server[1:9:1:1]', 'the range [1:9:1:1] is not [first:last] or [first:last:step]'],
    ['server[1:999999999]', 'more than 10,000 hosts'],
    ['server[1:200][1:200]', 'more than 10,000 hosts'],
  ])('%s: %s', (name, problem) => expect(expandRanges(name)).toEqual({ problem }))

  test('a range of numbers is what counting gives', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), fc.integer({ min: 1, max: 9 }), (from, length, step) => {
        const to = from + length
        const counted: string[] = []
        for (let at = from; at <= to; at += step) counted.push(`n${at}`)
        expect(expandRanges(`n[${from}:${to}:${step}]`)).toEqual(counted)
      }),
    )
  })

  test('any name has an answer', () => {
    const name = fc.string({
      unit: fc.constantFrom('[', ']', ':', '0', '1', '9', 'a', 'b', 'Z', '-'),
      maxLength: 16,
    })
    fc.assert(
      fc.property(name, (text) => {
        const hosts = expandRanges(text)
        if (Array.isArray(hosts)) expect(new Set(hosts).size).toBe(hosts.length)
        else expect(hosts.problem).not.toBe('')
      }),
    )
  })
})
