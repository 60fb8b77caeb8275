import fc from 'fast-check'
import { expect, test } from 'vitest'
import { declared, PAIR } from '../declared.ts'
import { FRESH_NODE } from '../world.ts'
import type { ModelNode } from '../world.ts'
import { decide } from './case.ts'

const ROLES = ['Secondary', 'Primary', 'Unknown']
const DISKS = [
  'Inconsistent',
  'UpToDate',
  'Outdated',
  'Consistent',
  'Diskless',
  'Attaching',
  'Detaching',
  'Failed',
  'Negotiating',
  'DUnknown',
]
const CONNECTIONS = ['Connected', 'Connecting', 'StandAlone', 'NetworkFailure']
const METADATA = ['just-created', 'none', 'data', 'other data', 'unknown'] as const
const REPLICATION = ['Established', 'SyncSource', 'SyncTarget']

test('two nodes, every combination of what each can say', { timeout: 120_000 }, () => {
  const all: ModelNode[] = [{ ...FRESH_NODE, reached: false }]
  for (const role of ROLES)
    for (const disk of DISKS)
      for (const connection of CONNECTIONS)
        for (const replication of connection === 'Connected' ? REPLICATION : ['Off'])
          for (const metadata of METADATA)
            for (const up of [true, false])
              if (up || (connection === 'Connecting' && role === 'Secondary' && disk === 'Diskless'))
                all.push({ ...FRESH_NODE, role, disk, connection, replication, metadata, up })
  const kinds: Record<string, number> = {}
  const wrong: unknown[] = []
  for (const survivor of all)
    for (const node of all) {
      const answer = decide({ world: [survivor, node] })
      kinds[answer.kind] = (kinds[answer.kind] ?? 0) + 1
      if (answer.kind === 'refused') continue
      const isGiver =
        survivor.reached &&
        survivor.up !== false &&
        survivor.disk === 'UpToDate' &&
        survivor.replication !== 'SyncTarget' &&
        (survivor.metadata === 'data' || survivor.metadata === 'other data')
      const isTaker =
        node.reached &&
        !(node.up !== false && node.replication === 'SyncSource') &&
        !(node.up !== false && node.role === 'Primary' && answer.kind !== 'nothing') &&
        (answer.kind !== 'connect' || node.metadata !== 'unknown')
      const makes =
        answer.kind === 'connect' && answer.volumes.some(({ how }) => how === 'blank' || how === 'anew')
      const isKnown = !makes || node.metadata === 'none' || node.metadata !== survivor.metadata
      if (!isGiver || !isTaker || !isKnown) wrong.push({ survivor, node, answer })
    }
  expect(wrong.slice(0, 3)).toEqual([])
  for (const kind of ['nothing', 'syncing', 'connect', 'refused'])
    expect(kinds[kind] ?? 0, kind).toBeGreaterThan(5)
})

const often = <Value>(usual: Value, others: readonly Value[]) =>
  fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) })
const around = (usual: ModelNode) =>
  fc.record({
    reached: often(usual.reached, [false]),
    up: often(usual.up ?? true, [true, false]),
    role: often(usual.role, ROLES),
    disk: often(usual.disk, DISKS),
    connection: fc.constant(usual.connection),
    towards: fc.record({
      server1: often('Connected', CONNECTIONS),
      server2: often('Connecting', CONNECTIONS),
      server3: often('Connected', CONNECTIONS),
    }),
    replication: often(usual.replication, REPLICATION),
    metadata: often(usual.metadata, METADATA),
  })

test('three nodes, two volumes: only to a node that gives nothing, only from nodes that have all', () => {
  const disks = { server1: '/dev/sdb', server2: '/dev/sdb', server3: '/dev/sdb' }
  const trio = declared({
    nodes: [...PAIR.nodes, { name: 'server3', node_id: 2, address: '192.168.53.13' }],
    volumes: [
      { volume: 0, minor: 0, disks },
      { volume: 1, minor: 1, disks: { server1: '/dev/sdc', server2: '/dev/sdc', server3: '/dev/sdc' } },
    ],
  })
  const giver: ModelNode = { ...FRESH_NODE, disk: 'UpToDate', metadata: 'data' }
  const taker: ModelNode = { ...FRESH_NODE, up: false, metadata: 'none' }
  const kinds: Record<string, number> = {}
  fc.assert(
    fc.property(around(giver), around(taker), around(giver), (one, node, three) => {
      const answer = decide({ resource: trio, world: [one, node, three] })
      kinds[answer.kind] = (kinds[answer.kind] ?? 0) + 1
      if (answer.kind === 'refused') return
      for (const survivor of [one, three])
        expect(survivor).toMatchObject({ reached: true, up: true, disk: 'UpToDate' })
      expect(['data', 'other data']).toContain(one.metadata)
      expect(['data', 'other data']).toContain(three.metadata)
      expect([one.towards.server3, three.towards.server1]).toEqual(['Connected', 'Connected'])
      expect(node.reached).toBe(true)
      if (answer.kind !== 'nothing') expect(node.up && node.role === 'Primary').toBe(false)
      for (const [survivor, name] of [
        [one, 'server1'],
        [three, 'server3'],
      ] as const) {
        if (survivor.towards.server2 === 'Connected') expect(survivor.replication).not.toBe('SyncTarget')
        if (node.up && node.towards[name] === 'Connected') expect(node.replication).not.toBe('SyncSource')
      }
    }),
    { numRuns: 5000 },
  )
  for (const kind of ['connect', 'refused']) expect(kinds[kind] ?? 0, kind).toBeGreaterThan(100)
})
