// oxlint-disable unicorn/no-thenable -- "then" is pacemaker's own word for what comes second, and a string
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { Secret } from '../../../../src/secret.ts'
import { cibSchema, groupMembers } from '../../../../src/pacemaker/cib/schema.ts'

const DUMMY = { agent: 'ocf:pacemaker:Dummy' }

test('the short forms and the long ones say the same', () => {
  const short = cibSchema.parse({
    properties: { 'stonith-enabled': false, 'pe-warn-series-max': 1000 },
    resources: {
      vip: {
        agent: 'ocf::heartbeat:IPaddr2',
        options: { ip: '192.168.60.100', cidr_netmask: 24 },
        operations: { monitor: '30s', start: { timeout: 40 } },
      },
      ping: { agent: 'ocf:pacemaker:ping', clone: true },
    },
    groups: { web: ['vip'] },
  })
  const long = cibSchema.parse({
    properties: { 'stonith-enabled': 'false', 'pe-warn-series-max': '1000' },
    resources: [
      {
        id: 'vip',
        agent: 'ocf:heartbeat:IPaddr2',
        options: { ip: '192.168.60.100', cidr_netmask: '24' },
        operations: [
          { name: 'monitor', interval: '30s' },
          { name: 'start', timeout: '40' },
        ],
      },
      { id: 'ping', agent: 'ocf:pacemaker:ping', clone: { meta: {} } },
    ],
    groups: { web: { resources: ['vip'] } },
  })
  expect(short).toEqual(long)
})

test('what it gives out, it takes again', () => {
  const once = cibSchema.parse({
    properties: { a: null, b: true },
    resources: {
      db: {
        agent: 'ocf:linbit:drbd',
        options: { drbd_resource: 'r0', password: new Secret('x') },
        promotable: { meta: { notify: true } },
        operations: {
          monitor: [
            { interval: '29s', role: 'Promoted' },
            { interval: '31s', role: 'Slave' },
          ],
        },
      },
    },
    constraints: {
      location: [{ resource: 'Promoted  db', node: 'server1', score: 50 }],
      order: [{ first: 'promote db', then: 'fs' }],
    },
    stonith_levels: { server1: { 1: 'f1', 2: ['a', 'b'] } },
  })
  expect(cibSchema.parse(once)).toEqual(once)
})

test('fence levels in their order, or by number', () => {
  const levels = cibSchema.parse({
    stonith_levels: { n1: ['ipmi', ['pdu_a', 'pdu_b']], n2: { '1': 'ipmi', '2': ['pdu_a', 'pdu_b'] } },
  }).stonith_levels
  expect(levels?.n1).toEqual({ '1': ['ipmi'], '2': ['pdu_a', 'pdu_b'] })
  expect(levels?.n2).toEqual(levels?.n1)
})

test('a resource that names its group comes after those that the group names', () => {
  const resources = { a: { ...DUMMY, group: 'g' }, b: DUMMY, c: { ...DUMMY, group: 'h' } }
  const wanted = cibSchema.parse({ resources, groups: { g: ['b'] } })
  expect([...groupMembers(wanted)]).toEqual([
    ['g', ['b', 'a']],
    ['h', ['c']],
  ])
})

describe('what is wrong is said at its place', () => {
  test.each([
    [{ resources: { 'a b': DUMMY } }, /begin with a letter/],
    [{ resources: { a: { agent: 'IPaddr2' } } }, /must be an agent, as ocf:heartbeat:IPaddr2/],
    [{ resources: { a: { ...DUMMY, operation: {} } } }, /Unrecognized key: "operation"/],
    [{ resources: { a: { ...DUMMY, operations: { start: '40s' } } } }, /write { timeout: 40s }/],
    [{ resources: { a: { ...DUMMY, operations: { monitor: 'often' } } } }, /must be a time/],
    [
      {
        resources: {
          a: { ...DUMMY, operations: { monitor: [{ interval: 10 }, { interval: '10s', role: 'Promoted' }] } },
        },
      },
      /two monitor operations with the interval 10s/,
    ],
    [{ resources: { a: { ...DUMMY, operations: { start: { interval: 10 } } } } }, /start does not recur/],
    [{ resources: { a: { ...DUMMY, clone: true, promotable: true } } }, /is a clone already/],
    [{ resources: { a: { ...DUMMY, clone: true, group: 'g' } } }, /clone the group/],
    [{ resources: { a: { ...DUMMY, clone: true } }, groups: { g: ['a'] } }, /a is a clone/],
    [{ resources: { a: DUMMY }, groups: { g: ['a'], h: ['a'] } }, /a is in group g already/],
    [{ resources: { a: DUMMY }, groups: { g: ['a', 'a'] } }, /in this group twice/],
    [{ resources: { a: DUMMY }, groups: { a: ['b'] } }, /two things have the id a/],
    [
      {
        resources: [
          { id: 'a', ...DUMMY },
          { id: 'a', ...DUMMY },
        ],
      },
      /two things have the id a/,
    ],
    [{ constraints: { location: [{ resource: 'a' }] } }, /needs either "node" or "rule"/],
    [{ constraints: { location: [{ resource: 'a', node: 'n', rule: 'defined b' }] } }, /needs either/],
    [{ constraints: { location: [{ resource: 'a', rule: 'pingd below 1' }] } }, /expected one of lt/],
    [{ constraints: { location: [{ resource: 'a', node: 'n', score: 'much' }] } }, /whole number, INFINITY/],
    [{ constraints: { colocation: [{ resource: 'a', with: 'Leading b' }] } }, /after one of Started/],
    [{ constraints: { order: [{ first: 'mount a', then: 'b' }] } }, /after one of start/],
    [{ stonith_levels: { n: { 10: 'a' } } }, /level from 1 to 9/],
  ])('%j', (input, message) => {
    const { error } = cibSchema.safeParse(input)
    // A union tells what each of its forms found, so the reason stands somewhere in what it says.
    expect(JSON.stringify(error?.issues).replaceAll('\\"', '"')).toMatch(message)
  })
})

test('editors get a JSON Schema', () => {
  const schema = z.toJSONSchema(cibSchema, { io: 'input', unrepresentable: 'any' })
  expect(Object.keys(schema.properties ?? {})).toContain('constraints')
})
