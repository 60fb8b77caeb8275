import { expect, test } from 'vitest'
import { renderResource } from '../../../../src/drbd/render/resource_file.ts'
import { sameConfig } from '../../../../src/drbd/rejoin/same_config.ts'
import type { DrbdResource } from '../../../../src/drbd/resource_schema.ts'
import { declared, PAIR, withTiebreaker } from '../declared.ts'
import type { ResourceInput } from '../declared.ts'

const [ONE, TWO] = PAIR.nodes as [ResourceInput['nodes'][number], ResourceInput['nodes'][number]]
const COMMON = 'global { usage-count no; }\ncommon {\n}\n'
const asked = (
  wanted: DrbdResource,
  text: string | null,
  target = 'server2',
  common: string | null = COMMON,
) => sameConfig(wanted, target, [{ node: 'server1', resource: text, common }])

test.each([
  ['two nodes', declared()],
  ['two nodes of 8.4', declared({ driver: '8.4' })],
  ['a tiebreaker', withTiebreaker()],
])('what was written of the inventory is equal: %s', (_what, resource) => {
  expect(asked(resource, renderResource(resource))).toEqual({ kind: 'equal' })
})

test('blanks, comments and quotes make no difference', () => {
  const text = renderResource(declared())
    .replace(/^ +/gm, '\t# a comment; { \n')
    .replace('"r0"', 'r0')
    .replace('protocol C', 'protocol "C"')
  expect(text).toMatch(/protocol "C"/)
  expect(asked(declared(), text)).toEqual({ kind: 'equal' })
})

test.each<[string, Partial<ResourceInput>, string, string[]]>([
  [
    'another address',
    { nodes: [ONE, { ...TWO, address: '192.168.53.22' }] },
    'server2',
    ['- on server2: address ipv4 192.168.53.12:7788', '+ on server2: address ipv4 192.168.53.22:7788'],
  ],
  [
    'another disk',
    { volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdc' } }] },
    'server2',
    ['- on server2: volume 0: disk /dev/sdb', '+ on server2: volume 0: disk /dev/sdc'],
  ],
  [
    'another name',
    {
      nodes: [ONE, { ...TWO, name: 'server4' }],
      volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/sdb', server4: '/dev/sdb' } }],
    },
    'server4',
    ['- on server2', '+ on server4'],
  ],
])('the node that comes back may have %s', (_what, fields, target, changes) => {
  for (const driver of ['9', '8.4'] as const)
    expect(asked(declared({ ...fields, driver }), renderResource(declared({ driver })), target)).toEqual({
      kind: 'moved',
      survivors: ['server1'],
      changes,
    })
})

test('three nodes: the new name is that of the mesh, too', () => {
  const was = withTiebreaker()
  const wanted = withTiebreaker({
    nodes: [ONE, { ...TWO, name: 'server4' }, was.nodes[2]!],
    volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/sdb', server4: '/dev/sdb' } }],
  })
  const files = (text: string) =>
    ['server1', 'server3'].map((node) => ({ node, resource: text, common: COMMON }))
  expect(sameConfig(wanted, 'server4', files(renderResource(was)))).toEqual({
    kind: 'moved',
    survivors: ['server1', 'server3'],
    changes: ['- on server2', '+ on server4'],
  })
  // One has it already, as after a run that died.
  const [first, second] = files(renderResource(was))
  expect(
    sameConfig(wanted, 'server4', [{ ...first!, resource: renderResource(wanted) }, second!]),
  ).toMatchObject({
    kind: 'moved',
    survivors: ['server3'],
  })
})

test.each<[string, Partial<ResourceInput>, RegExp]>([
  [
    'node_ids that are swapped',
    {
      nodes: [
        { ...ONE, node_id: 1 },
        { ...TWO, node_id: 0 },
      ],
    },
    /\+ on server1: node-id 1/,
  ],
  ['its own node_id', { nodes: [ONE, { ...TWO, node_id: 5 }] }, /\+ on server2: node-id 5/],
  [
    'addresses that are swapped',
    {
      nodes: [
        { ...ONE, address: TWO.address },
        { ...TWO, address: ONE.address },
      ],
    },
    /\+ on server1: address ipv4 192\.168\.53\.12/,
  ],
  [
    'the survivor is another',
    {
      nodes: [{ ...ONE, name: 'server9' }, TWO],
      volumes: [{ volume: 0, minor: 0, disks: { server9: '/dev/sdb', server2: '/dev/sdb' } }],
    },
    /on server9/,
  ],
  [
    "the survivor's disk",
    { volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/sdz', server2: '/dev/sdb' } }] },
    /\+ on server1: volume 0: disk \/dev\/sdz/,
  ],
  ['a minor', { volumes: [{ ...PAIR.volumes[0]!, minor: 3 }] }, /\+ on server2: volume 0: device minor 3/],
  [
    'a port',
    {
      nodes: [
        { ...ONE, port: 7790 },
        { ...TWO, port: 7790 },
      ],
    },
    /7790/,
  ],
  ['an option', { net: { 'max-buffers': 4000 } }, /- net: max-buffers 8000\n\+ net: max-buffers 4000/],
  ['the protocol', { protocol: 'A' }, /\+ net: protocol A/],
])('an inventory that says otherwise is not that of these data: %s', (_what, fields, difference) => {
  const found = asked(declared(fields), renderResource(declared()))
  expect(found).toMatchObject({ kind: 'differs', node: 'server1' })
  expect(found.kind === 'differs' && found.differences.join('\n')).toMatch(difference)
})

test.each<[string, string | null, string]>([
  ['no file', null, COMMON],
  ['settings in common', renderResource(declared()), 'common { net { protocol A; } }'],
])('a survivor with %s', (_what, text, common) => {
  expect(asked(declared(), text, 'server2', common)).toMatchObject({ kind: 'differs', node: 'server1' })
})

test.each(['resource r0 {', 'resource r0 { net { protocol "C; } }', '}', 'resource r0 { protocol }'])(
  'what cannot be read is not compared: %s',
  (text) => {
    expect(() => asked(declared(), text)).toThrow(/could not be read/)
  },
)
