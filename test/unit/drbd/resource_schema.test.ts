import { expect, test } from 'vitest'
import { resourceClashes } from '../../../src/drbd/resource_clashes.ts'
import { bitmapSlots, diskfulNodes } from '../../../src/drbd/resource_nodes.ts'
import { resourceSchema } from '../../../src/drbd/resource_schema.ts'
import { resourceWarnings } from '../../../src/drbd/warnings.ts'
import { declared, PAIR, TIEBREAKER, withTiebreaker } from './declared.ts'
import type { ResourceInput } from './declared.ts'

const [one, two] = PAIR.nodes as [ResourceInput['nodes'][number], ResourceInput['nodes'][number]]
const [volume] = PAIR.volumes as [ResourceInput['volumes'][number]]
const nodes = (fields: object) => ({ nodes: [one, { ...two, ...fields }] })
const second = (fields: object) => ({
  volumes: [volume, { volume: 1, minor: 1, disks: { server1: '/dev/sdc', server2: '/dev/sdc' }, ...fields }],
})
const problems = (fields: Partial<ResourceInput>) =>
  resourceSchema
    .safeParse({ ...PAIR, ...fields })
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

test('the buffers of the reference, and no endless wait at boot', () => {
  const { net, startup, protocol, disk } = declared({ net: { 'max-buffers': 4000, timeout: '60' } })
  expect({ net, startup, protocol, disk }).toEqual({
    net: { 'max-buffers': '4000', 'max-epoch-size': '8000', 'sndbuf-size': '0', timeout: '60' },
    startup: { 'wfc-timeout': '60', 'degr-wfc-timeout': '60', 'outdated-wfc-timeout': '60' },
    protocol: 'C',
    disk: { 'on-io-error': 'detach' },
  })
})

test.each<[string, Partial<ResourceInput>]>([
  ['two volumes', second({})],
  ['a tiebreaker with quorum', { nodes: [...PAIR.nodes, TIEBREAKER], quorum: 'majority' }],
  ['fencing', { fencing: 'resource-and-stonith' }],
  ['8.4', { driver: '8.4', options: { 'on-no-data-accessible': 'io-error' } }],
  ['room for later nodes', { max_peers: 3 }],
  ['names that strict_names takes', { name: 'db+1.x_y-z' }],
  ['a policy that loses nothing', { net: { 'after-sb-0pri': 'discard-zero-changes' } }],
])('taken: %s', (_what, fields) => {
  expect(problems(fields)).toEqual([])
})

test.each<[string, Partial<ResourceInput>, string]>([
  ['a name twice', nodes({ name: 'server1' }), 'nodes.1.name: server1 is there twice'],
  ['a node id twice', nodes({ node_id: 0 }), "nodes.1.node_id: node_id 0 is another node's"],
  [
    'an address twice',
    nodes({ address: '192.168.53.11' }),
    "nodes.1.address: 192.168.53.11 port 7788 is another node's",
  ],
  ['a minor twice', second({ minor: 0 }), "volumes.1.minor: minor 0 is another volume's"],
  ['a volume twice', second({ volume: 0 }), 'volumes.1.volume: volume 0 is there twice'],
  [
    'a disk twice',
    second({ disks: { server1: '/dev//sdb/', server2: '/dev/sdc' } }),
    "volumes.1.disks.server1: /dev/sdb of server1 is another volume's",
  ],
  [
    'a disk missing',
    { volumes: [{ ...volume, disks: { server1: '/dev/sdb' } }] },
    'volumes.0.disks: no disk of server2 is named',
  ],
  [
    'a disk of a stranger',
    { volumes: [{ ...volume, disks: { ...volume.disks, server9: '/dev/sdb' } }] },
    'volumes.0.disks.server9: server9 is none of the nodes',
  ],
  ['a single disk', nodes({ diskless: true }), 'nodes: at least two nodes must have disks'],
  [
    'a disk missing for an odd name',
    nodes({ name: 'constructor' }),
    'volumes.0.disks: no disk of constructor is named',
  ],
  [
    'quorum and fencing',
    { quorum: 'majority', fencing: 'resource-only' },
    'fencing: quorum and fencing decide against one another: have one of them (DRBD guide, quorum)',
  ],
  ['a quorum of more than there are', { quorum: 3 }, 'quorum: 3 is more than there are nodes'],
  [
    '8.4 and three nodes',
    { driver: '8.4', nodes: [one, two, { ...TIEBREAKER, diskless: false }] },
    'nodes: DRBD 8.4 has exactly two nodes',
  ],
  [
    '8.4 and diskless',
    { driver: '8.4', nodes: [...PAIR.nodes, TIEBREAKER] },
    'nodes: DRBD 8.4 has no diskless tiebreaker',
  ],
  ['8.4 and quorum', { driver: '8.4', quorum: 'majority' }, 'quorum: DRBD 8.4 has no quorum'],
  [
    '8.4 and auto-promote',
    { driver: '8.4', auto_promote: true },
    'auto_promote: DRBD 8.4 has no auto-promote',
  ],
  [
    '8.4 and more peers',
    { driver: '8.4', max_peers: 3 },
    'max_peers: DRBD 8.4 has metadata for one peer only',
  ],
  [
    '8.4 and options of 9',
    { driver: '8.4', options: { 'twopc-timeout': 300 } },
    'options.twopc-timeout: DRBD 8.4 does not know it',
  ],
  [
    '9 and options of 8.4',
    { net: { 'unplug-watermark': 128 } },
    'net.unplug-watermark: DRBD 9 does not know it',
  ],
  [
    'two primaries',
    { net: { 'allow-two-primaries': true } },
    'net.allow-two-primaries: two primaries need a cluster file system and fencing at all levels, which is not set up here',
  ],
  [
    'a policy that loses data',
    { net: { 'after-sb-1pri': 'discard-secondary' } },
    'net.after-sb-1pri: "discard-secondary" throws one node\'s writes away with nobody asked',
  ],
  [
    'a handler that nobody calls',
    { handlers: { 'fence-peer': '/bin/true' } },
    'handlers.fence-peer: is never called with fencing: dont-care',
  ],
  ['a name for all', { name: 'all' }, 'name: drbdadm takes "all" for every resource'],
  ['a name like an option', { name: '-x' }, 'name: must be letters, digits, ".", "+", "_" or "-"'],
  [
    'a disk that is DRBD',
    { volumes: [{ ...volume, disks: { server1: '/dev/drbd1', server2: '/dev/sdb' } }] },
    'volumes.0.disks.server1: is a DRBD device itself; name the disk below',
  ],
  [
    'two lines',
    { handlers: { 'split-brain': 'a\n}' } },
    'handlers.split-brain: must be 1 to 255 ASCII characters in one line',
  ],
])('refused: %s', (_what, fields, problem) => {
  expect(problems(fields)).toContain(problem)
})

test('room in the metadata for too few peers', () => {
  expect(
    problems({
      nodes: [one, two, { ...TIEBREAKER, diskless: false }],
      volumes: [{ ...volume, disks: { ...volume.disks, server3: '/dev/sdb' } }],
      max_peers: 1,
    }),
  ).toEqual(['max_peers: must be 2 or more: every node with a disk has that many peers'])
})

test('a misspelt setting is told by its name', () => {
  expect(problems({ net: { 'max-bufers': 1 } as object }).join()).toContain('max-bufers')
})

test('a diskless node takes no bitmap', () => {
  expect(bitmapSlots(declared())).toBe(1)
  expect(bitmapSlots(withTiebreaker())).toBe(1)
  expect(bitmapSlots(declared({ max_peers: 7 }))).toBe(7)
  expect(diskfulNodes(withTiebreaker()).map(({ name }) => name)).toEqual(['server1', 'server2'])
})

test('two resources that want the same', () => {
  const other = declared({
    name: 'r1',
    volumes: [{ ...volume, minor: 1, disks: { server1: '/dev/sdb', server2: '/dev/sdd' } }],
  })
  expect(
    resourceClashes([declared(), other]).map(({ path, message }) => `${path.join('.')}: ${message}`),
  ).toEqual([
    '1.nodes.0.port: 192.168.53.11 port 7788 is that of r0',
    '1.nodes.1.port: 192.168.53.12 port 7788 is that of r0',
    '1.volumes.0.disks.server1: /dev/sdb of server1 is that of r0',
  ])
  expect(resourceClashes([declared(), declared()]).map(({ message }) => message)).toContain(
    'the name r0 is that of r0',
  )
  expect(resourceClashes([declared()])).toEqual([])
})

test.each([
  ['neither fencing nor quorum', declared(), [/neither fencing nor quorum/]],
  ['quorum of two', declared({ quorum: 'majority' }), [/loss of either stops all writes/]],
  ['asynchronous', withTiebreaker({ protocol: 'A' }), [/can be lost/]],
  ['nothing to say', withTiebreaker(), []],
])('warned of: %s', (_what, resource, expected) => {
  expect(resourceWarnings(resource)).toEqual(expected.map((words) => expect.stringMatching(words)))
})
