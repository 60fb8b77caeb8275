import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstPrimary } from '../../../src/drbd/first_primary.ts'
import type { FirstPrimaryQuestion } from '../../../src/drbd/first_primary/question.ts'
import type { DrbdNodeReport, ResourceState } from '../../../src/drbd/status/node_report.ts'
import { declared, PAIR, withTiebreaker } from './declared.ts'
import { FRESH_NODE, FRESH_TIEBREAKER, question } from './world.ts'
import type { ModelNode } from './world.ts'

const pair = declared()
const trio = declared({
  nodes: [...PAIR.nodes, { name: 'server3', node_id: 2, address: '192.168.53.13' }],
  volumes: [
    { volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb', server3: '/dev/sdb' } },
    { volume: 1, minor: 1, disks: { server1: '/dev/sdc', server2: '/dev/sdc', server3: '/dev/sdc' } },
  ],
})
const voted = withTiebreaker()
const FRESH = [FRESH_NODE, FRESH_NODE]

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
const REPLICATION = ['Established', 'SyncSource', 'SyncTarget', 'PausedSyncT', 'Off']

/** The rule in the words of the design, kept apart from the code that decides. */
function mayForce(world: readonly ModelNode[]): boolean {
  return world.every(
    (node) =>
      node.reached &&
      node.role === 'Secondary' &&
      node.disk === 'Inconsistent' &&
      node.connection === 'Connected' &&
      node.replication === 'Established' &&
      node.metadata === 'just-created',
  )
}

const hasData = (node: ModelNode) =>
  node.reached && node.disk === 'UpToDate' && (node.metadata === 'data' || node.metadata === 'other data')

describe('fresh nodes', () => {
  test.each([
    ['two', pair, FRESH],
    ['three, two volumes', trio, [...FRESH, FRESH_NODE]],
    ['two and a tiebreaker', voted, [...FRESH, FRESH_TIEBREAKER]],
  ])('%s', (_what, resource, world) => {
    for (const on of ['server1', 'server2']) {
      for (const how of ['full-sync', 'skip-sync'] as const) {
        expect(firstPrimary(question(resource, world, on, how))).toEqual({ kind: 'force', on, how })
      }
    }
  })
})

test('two nodes, every combination of what each can say', () => {
  const all: ModelNode[] = [{ ...FRESH_NODE, reached: false }]
  for (const role of ROLES)
    for (const disk of DISKS)
      for (const connection of CONNECTIONS)
        for (const metadata of METADATA) all.push({ ...FRESH_NODE, role, disk, connection, metadata })
  const wrong: unknown[] = []
  let forced = 0
  for (const one of all) {
    for (const two of all) {
      const world = [one, two]
      const answer = firstPrimary(question(pair, world))
      if (answer.kind === 'force') forced++
      const right =
        answer.kind === 'force'
          ? mayForce(world)
          : answer.kind === 'none'
            ? world.some(hasData)
            : !mayForce(world)
      if (!right) wrong.push({ world, answer })
    }
  }
  expect(wrong.slice(0, 3)).toEqual([])
  expect({ combinations: all.length ** 2, forced }).toEqual({ combinations: 361201, forced: 1 })
})

const often = <Value>(usual: Value, others: readonly Value[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  )
const anyNode = fc.record({
  reached: often(true, [false]),
  role: often('Secondary', ROLES),
  disk: often('Inconsistent', DISKS),
  connection: often('Connected', CONNECTIONS),
  replication: often('Established', REPLICATION),
  metadata: often<ModelNode['metadata']>('just-created', METADATA),
})

test('three nodes: forced exactly where every condition holds', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(fc.tuple(anyNode, anyNode, anyNode), (world) => {
      const answer = firstPrimary(question(trio, world))
      kinds.add(answer.kind)
      expect(answer.kind === 'force').toBe(mayForce(world))
      if (answer.kind === 'none') expect(world.some(hasData)).toBe(true)
    }),
    { numRuns: 5000 },
  )
  expect(kinds).toContain('force')
  expect(kinds).toContain('refused')
})

type Mutation = [what: string, fact: RegExp, mutate: (report: DrbdNodeReport) => DrbdNodeReport]
const inKernel =
  (change: (state: ResourceState) => ResourceState) =>
  (report: DrbdNodeReport): DrbdNodeReport => ({
    ...report,
    resource: report.resource && change(report.resource),
  })
const inVolume = (fields: object) =>
  inKernel((state) => ({
    ...state,
    volumes: state.volumes.map((volume, at) => (at === 0 ? { ...volume, ...fields } : volume)),
  }))
const inConnection = (fields: object) =>
  inKernel((state) => ({
    ...state,
    connections: state.connections.map((one, at) => (at === 0 ? { ...one, ...fields } : one)),
  }))
const inPeerVolume = (fields: object) =>
  inKernel((state) => ({
    ...state,
    connections: state.connections.map((one) => ({
      ...one,
      volumes: one.volumes.map((volume, at) => (at === 0 ? { ...volume, ...fields } : volume)),
    })),
  }))
const inDisk =
  (fields: object) =>
  (report: DrbdNodeReport): DrbdNodeReport => ({
    ...report,
    disks: report.disks.map((disk, at) => (at === 0 ? { ...disk, ...fields } : disk)),
  })
const signatures = (...types: string[]) => ({
  signatures: types.map((type) => ({ type, label: undefined, uuid: undefined, version: undefined })),
  unreadable: undefined,
})

const MUTATIONS: Mutation[] = [
  ['unreached', /could not be reached/, (report) => ({ ...report, reached: false })],
  ['no module', /no DRBD module/, (report) => ({ ...report, module: undefined })],
  ['not up', /is not up there/, (report) => ({ ...report, resource: undefined })],
  ['of another name', /is not up there/, inKernel((state) => ({ ...state, name: 'r9' }))],
  ['Primary', /it is Primary/, inKernel((state) => ({ ...state, role: 'Primary' }))],
  ['role unknown', /it is Unknown/, inKernel((state) => ({ ...state, role: 'Unknown' }))],
  ['suspended', /suspended/, inKernel((state) => ({ ...state, suspended: true }))],
  [
    'a volume less',
    /has the volumes 1$/,
    inKernel((state) => ({ ...state, volumes: state.volumes.slice(1) })),
  ],
  [
    'a volume twice',
    /has the volumes 0, 0/,
    inKernel((state) => ({ ...state, volumes: state.volumes.map((one) => ({ ...one, volume: 0 })) })),
  ],
  ['UpToDate', /volume 0 is UpToDate/, inVolume({ disk: 'UpToDate' })],
  ['Outdated', /volume 0 is Outdated/, inVolume({ disk: 'Outdated' })],
  ['Failed', /volume 0 is Failed/, inVolume({ disk: 'Failed' })],
  ['without quorum', /no quorum/, inVolume({ quorum: false })],
  ['open', /is open/, inVolume({ open: true })],
  ['no metadata', /no fresh metadata/, inDisk({ metadata: { kind: 'none' } })],
  ['unknown metadata', /not known: odd/, inDisk({ metadata: { kind: 'unknown', said: 'odd' } })],
  ['metadata not asked for', /not known/, (report) => ({ ...report, disks: [] })],
  ['metadata twice', /not known/, (report) => ({ ...report, disks: [...report.disks, ...report.disks] })],
  [
    'metadata of another node',
    /those of node_id 9/,
    inDisk({ metadata: { kind: 'just-created', nodeId: 9, format: 'v09' } }),
  ],
  [
    'data',
    /holds data of generation 1/,
    inDisk({
      metadata: {
        kind: 'data',
        nodeId: undefined,
        format: undefined,
        generation: { current: '1', bitmap: [], history: [] },
      },
    }),
  ],
  ['StandAlone', /is StandAlone to/, inConnection({ state: 'StandAlone' })],
  [
    'no connection',
    /has no connection to/,
    inKernel((state) => ({ ...state, connections: state.connections.slice(1) })),
  ],
  [
    'a connection twice',
    /to server/,
    inKernel((state) => ({ ...state, connections: [...state.connections, ...state.connections] })),
  ],
  [
    'a stranger',
    /server9, which is none/,
    inKernel((state) => ({
      ...state,
      connections: [
        ...state.connections,
        { peer: 'server9', state: 'Connecting', peerRole: 'Unknown', volumes: [] },
      ],
    })),
  ],
  ['a primary peer', /sees it as Primary/, inConnection({ peerRole: 'Primary' })],
  ['a peer of unknown role', /as Unknown/, inConnection({ peerRole: 'Unknown' })],
  ['a peer with data', /sees its volume 0 as UpToDate/, inPeerVolume({ peerDisk: 'UpToDate' })],
  ['a peer without disk', /Established, Diskless of volume 0/, inPeerVolume({ peerDisk: 'Diskless' })],
  ['a sync', /volume 0 is SyncTarget/, inPeerVolume({ replication: 'SyncTarget' })],
  ['no replication', /Off, Inconsistent of volume 0/, inPeerVolume({ replication: 'Off' })],
  ['nothing of a volume', /sees nothing of volume/, inConnection({ volumes: [] })],
]

const fresh: FirstPrimaryQuestion = question(trio, [...FRESH, FRESH_NODE])
const mutated = (...changes: [at: number, Mutation][]) => ({
  ...fresh,
  reports: fresh.reports.map((report, index) =>
    changes.filter(([at]) => at === index).reduce((now, [, [, , mutate]]) => mutate(now), report),
  ),
})

test.each(MUTATIONS)('one fact on any node forbids it: %s', (...mutation) => {
  for (const at of [0, 1, 2]) {
    const answer = firstPrimary(mutated([at, mutation]))
    expect(answer).toMatchObject({ kind: 'refused', fact: expect.stringMatching(mutation[1]) as string })
    expect(answer.kind === 'refused' && answer.remedy).toMatch(/\w/)
  }
})

test('a sign of data with fresh metadata sends for the node with the data, not for an open device', () => {
  for (const what of [
    'Primary',
    'UpToDate',
    'Outdated',
    'a primary peer',
    'a peer with data',
    'a sync',
    'data',
  ]) {
    const mutation = MUTATIONS.find(([name]) => name === what)
    expect(mutation && firstPrimary(mutated([0, mutation])), what).toMatchObject({
      remedy: expect.stringMatching(/^Data were there before/) as string,
    })
  }
})

test('no two facts make up for one another', () => {
  for (const one of MUTATIONS)
    for (const two of MUTATIONS)
      for (const at of [0, 1]) expect(firstPrimary(mutated([0, one], [at, two])).kind).not.toBe('force')
})

test.each<[string, Partial<FirstPrimaryQuestion>, object]>([
  [
    'a stranger is wanted',
    { wanted: 'server9' },
    { node: 'server9', fact: 'it is none of the nodes of the resource' },
  ],
  [
    'a report is missing',
    { reports: fresh.reports.slice(1) },
    { node: 'server1', fact: 'nothing is known of it' },
  ],
  ['no report at all', { reports: [] }, { node: 'server1' }],
  ['a report twice', { reports: [...fresh.reports, ...fresh.reports] }, { fact: 'it is reported twice' }],
  [
    'a report of a stranger',
    { reports: [...fresh.reports, ...fresh.reports.slice(0, 1).map((one) => ({ ...one, node: 'server9' }))] },
    { node: 'server9' },
  ],
])('refused: %s', (_what, fields, refusal) => {
  expect(firstPrimary({ ...fresh, ...fields })).toMatchObject({ kind: 'refused', ...refusal })
})

test('never on a diskless node, and never without it', () => {
  expect(firstPrimary(question(voted, [...FRESH, FRESH_TIEBREAKER], 'server3'))).toMatchObject({
    kind: 'refused',
    fact: 'it is diskless',
  })
  for (const fields of [
    { reached: false },
    { role: 'Primary' },
    { connection: 'Connecting' },
    { disk: 'Inconsistent' },
  ]) {
    expect(firstPrimary(question(voted, [...FRESH, { ...FRESH_TIEBREAKER, ...fields }])).kind).toBe('refused')
  }
})

test('skipping the sync takes disks with nothing on them but the metadata', () => {
  const skip = { ...fresh, how: 'skip-sync' as const }
  const on = (content: unknown) => ({
    ...skip,
    reports: skip.reports.map((report, at) => (at === 1 ? inDisk({ content })(report) : report)),
  })
  expect(firstPrimary(on(signatures())).kind).toBe('force')
  for (const content of [signatures('drbd', 'ext4'), undefined, { signatures: [], unreadable: 'exit 4' }]) {
    expect(firstPrimary(on(content))).toMatchObject({ kind: 'refused', node: 'server2' })
    expect(firstPrimary({ ...on(content), how: 'full-sync' }).kind).toBe('force')
  }
})
