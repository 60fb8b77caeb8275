import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { selectHosts } from '../../../src/inventory/pattern.ts'

const hosts = ['server1', 'server2', 'server3', 'web01', 'web02', 'observer']
const groups: Readonly<Record<string, readonly string[]>> = {
  all: hosts,
  ungrouped: [],
  cluster: ['server1', 'server2', 'server3'],
  web: ['web01', 'web02'],
  east: ['server1', 'web01'],
  empty: [],
}
const inventory = {
  hosts: new Map(hosts.map((name) => [name, {}])),
  groups: new Map(Object.entries(groups)),
}

describe('selectHosts', () => {
  test.each([
    ['all', hosts],
    ['*', hosts],
    ['cluster', ['server1', 'server2', 'server3']],
    ['server2', ['server2']],
    ['server3,server1', ['server1', 'server3']],
    ['cluster:web', ['server1', 'server2', 'server3', 'web01', 'web02']],
    ['cluster, web', ['server1', 'server2', 'server3', 'web01', 'web02']],
    ['all:!cluster', ['web01', 'web02', 'observer']],
    ['!cluster', ['web01', 'web02', 'observer']],
    ['cluster:&east', ['server1']],
    ['cluster:web:&east:!web01', ['server1']],
    ['!web01:cluster:web:&east', ['server1']],
    ['&east', ['server1', 'web01']],
    ['web*', ['web01', 'web02']],
    ['*er*', ['server1', 'server2', 'server3', 'observer']],
    ['server?', ['server1', 'server2', 'server3']],
    ['server[13]', ['server1', 'server3']],
    ['server[!13]', ['server2']],
    ['server[1-2]', ['server1', 'server2']],
    ['server[1:2]', ['server1', 'server2']],
    ['web[01:02]', ['web01', 'web02']],
    ['cluster[0]', ['server1']],
    ['cluster[-1]', ['server3']],
    ['cluster[1:]', ['server2', 'server3']],
    ['cluster[0:1]', ['server1', 'server2']],
    ['cluster[0-1]', ['server1', 'server2']],
    ['empty', []],
    ['nothing*', []],
  ])('%s', (pattern, names) => expect(selectHosts(pattern, inventory)).toEqual(names))

  test.each([
    ['serve1', 'no host or group "serve1" (did you mean "server1"?)', true],
    ['all:!clutser', 'no host or group "clutser" (did you mean "cluster"?)', true],
    ['server[1:4]', 'no host or group "server4" (did you mean "server1"?)', true],
    ['localhost', 'no host or group "localhost"', true],
    ['cluster[7]', '"cluster" has 3 hosts, so none is [7]', false],
    ['server[1', 'server[1: a "[" without its "]"', false],
    ['', 'an empty pattern', false],
    [':,', 'an empty pattern', false],
  ])('%s: %s', (pattern, problem, unknown) =>
    expect(selectHosts(pattern, inventory)).toMatchObject({ problem, unknown }),
  )

  test('unions, intersections and exclusions are those of sets, in whatever order they stand', () => {
    const term = fc.record({
      sign: fc.constantFrom('', '&', '!'),
      name: fc.constantFrom(...hosts, ...Object.keys(groups)),
    })
    const terms = fc.array(term, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(terms, fc.constantFrom(':', ',', ' , '), (chosen, glue) => {
        const membersOf = (name: string): readonly string[] => groups[name] ?? [name]
        const signed = (sign: string) =>
          chosen.filter((one) => one.sign === sign).map(({ name }) => membersOf(name))
        const [unions, intersections, exclusions] = [signed(''), signed('&'), signed('!')]
        const expected = hosts.filter(
          (host) =>
            (unions.length === 0 || unions.some((set) => set.includes(host))) &&
            intersections.every((set) => set.includes(host)) &&
            !exclusions.some((set) => set.includes(host)),
        )
        const pattern = chosen.map(({ sign, name }) => sign + name).join(glue)
        expect(selectHosts(pattern, inventory)).toEqual(expected)
      }),
    )
  })

  test('globs match as the same regular expression does', () => {
    const glob = fc.string({
      unit: fc.constantFrom('*', '?', 's', 'e', 'w', 'b', '0', '1', '[01]', '[!e]', '[a-s]'),
      maxLength: 7,
    })
    fc.assert(
      fc.property(glob, (text) => {
        const pattern = `?${text}*`
        const source = pattern.replaceAll('[!', '[^').replaceAll('?', '.').replaceAll('*', '.*')
        const expected = hosts.filter((name) => new RegExp(`^${source}$`).test(name))
        const inGroups = Object.keys(groups).filter((name) => new RegExp(`^${source}$`).test(name))
        const wanted = new Set([...expected, ...inGroups.flatMap((name) => groups[name] ?? [])])
        expect(selectHosts(pattern, inventory)).toEqual(hosts.filter((name) => wanted.has(name)))
      }),
    )
  })

  test('any pattern has an answer, however wild', () => {
    const wild = fc.string({
      unit: fc.constantFrom(
        '*',
        '?',
        '[',
        ']',
        '!',
        '&',
        ':',
        ',',
        '-',
        '1',
        '9',
        'server',
        'cluster',
        '~',
        ' ',
      ),
    })
    fc.assert(
      fc.property(wild, (pattern) => {
        const names = selectHosts(pattern, inventory)
        if (Array.isArray(names)) expect(hosts).toEqual(expect.arrayContaining(names))
        else expect(names.problem).not.toBe('')
      }),
    )
  })
})
