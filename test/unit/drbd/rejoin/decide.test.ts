import { describe, expect, test } from 'vitest'
import { comingVolume } from '../../../../src/drbd/rejoin/coming_volume.ts'
import { FRESH_NODE, FRESH_TIEBREAKER, reportsOf } from '../world.ts'
import type { ModelNode } from '../world.ts'
import type { Metadata } from '../../../../src/drbd/status/generation.ts'
import {
  A,
  B,
  BLANK,
  both,
  C,
  data,
  decide,
  DOWN,
  GIB,
  old,
  pair,
  SERVING,
  TARGET,
  voted,
  withMetadata,
  withState,
} from './case.ts'
import type { Case } from './case.ts'

const WITH_VOTER: ModelNode = { ...SERVING, towards: { server3: 'Connected' } }
const VOTER: ModelNode = { ...FRESH_TIEBREAKER, towards: { server2: 'Connecting' } }
const SOURCE: ModelNode = { ...SERVING, connection: 'Connected', replication: 'SyncSource' }
const IN_SYNC: ModelNode = { ...SOURCE, replication: 'Established' }

describe('how a node comes back', () => {
  const lost = withMetadata(data(B, [A]))
  test.each<[string, Case, string]>([
    ['a blank disk', { world: [SERVING, BLANK] }, 'blank'],
    ['a blank disk, of 8.4', { resource: old, world: [SERVING, BLANK] }, 'blank'],
    ['the survivor is not in use', { world: [{ ...SERVING, role: 'Secondary' }, BLANK] }, 'blank'],
    ['a run died after create-md', { world: [SERVING, { ...DOWN, metadata: 'just-created' }] }, 'fresh'],
    ['it was away, and nothing was written', { world: [SERVING, DOWN] }, 'same'],
    ['it was away, and all was counted', { world: [SERVING, DOWN], one: lost }, 'partial'],
    [
      'its primary died, and all was counted',
      { world: [SERVING, DOWN], one: lost, two: withMetadata(data(A, [], [], { wasPrimary: true })) },
      'partial',
    ],
    ['it was away for long', { world: [SERVING, DOWN], one: withMetadata(data(C, [B], [A])) }, 'full'],
    ['a disk from elsewhere', { world: [SERVING, DOWN], one: withMetadata(data(B, [C])) }, 'anew'],
    [
      'the disk of another node',
      { world: [SERVING, DOWN], two: withMetadata({ ...data(A), nodeId: 0 } as Metadata) },
      'anew',
    ],
    [
      'it is up, and does not reach the survivor',
      { world: [SERVING, { ...SERVING, role: 'Secondary' }] },
      'same',
    ],
    [
      'its disk was replaced as it ran',
      {
        world: [
          { ...SERVING, connection: 'Connected', replication: 'Established' },
          { ...FRESH_NODE, disk: 'Diskless', metadata: 'none' },
        ],
      },
      'blank',
    ],
    ['the survivor gave it up', { world: [{ ...SERVING, connection: 'StandAlone' }, DOWN] }, 'same'],
    ['beside a tiebreaker', { resource: voted, world: [WITH_VOTER, BLANK, VOTER] }, 'blank'],
  ])('%s', (_what, asked, how) => {
    const answer = decide(asked)
    expect(answer).toEqual({ kind: 'connect', volumes: [expect.objectContaining({ volume: 0, how })] })
  })

  test('each volume in its way', () => {
    const mixed: Case = {
      resource: both,
      world: [SERVING, DOWN],
      one: withMetadata(data(B, [A]), data(B)),
      two: withMetadata(data(A), { kind: 'none' }),
    }
    expect(decide(mixed)).toMatchObject({
      kind: 'connect',
      volumes: [{ how: 'partial' }, { volume: 1, how: 'blank' }],
    })
  })
})

test('a tiebreaker has no disk', () => {
  const away: ModelNode = { ...IN_SYNC, towards: { server3: 'Connecting' } }
  const world = [away, { ...away, role: 'Secondary' }, { ...FRESH_TIEBREAKER, up: false }]
  expect(decide({ resource: voted, world, target: 'server3' })).toEqual({ kind: 'connect', volumes: [] })
  const back = [IN_SYNC, { ...IN_SYNC, role: 'Secondary' }, FRESH_TIEBREAKER]
  expect(decide({ resource: voted, world: back, target: 'server3' })).toEqual({ kind: 'nothing' })
})

test.each<[string, Case, string]>([
  ['in sync', { world: [IN_SYNC, { ...IN_SYNC, role: 'Secondary' }] }, 'nothing'],
  ['in sync, and it serves', { world: [{ ...IN_SYNC, role: 'Secondary' }, IN_SYNC] }, 'nothing'],
  [
    'in sync, being verified',
    {
      world: [
        { ...IN_SYNC, replication: 'VerifyS' },
        { ...IN_SYNC, role: 'Secondary', replication: 'VerifyT' },
      ],
    },
    'nothing',
  ],
  ['a run died after connecting', { world: [SOURCE, TARGET] }, 'syncing'],
  [
    'it waits for its turn',
    {
      world: [
        { ...SOURCE, replication: 'PausedSyncS' },
        { ...TARGET, replication: 'PausedSyncT' },
      ],
    },
    'syncing',
  ],
])('%s', (_what, asked, kind) => {
  expect(decide(asked)).toEqual({ kind })
})

test('8.4: who gave data once may miss the end of that', () => {
  const ended = withState((state) => ({
    ...state,
    connections: state.connections.map((one) => ({
      ...one,
      volumes: one.volumes.map((each) => ({ ...each, replication: 'SyncSource', outOfSync: 0 })),
    })),
  }))
  const world = [IN_SYNC, { ...IN_SYNC, role: 'Secondary' }]
  expect(decide({ resource: old, world, two: ended })).toEqual({ kind: 'nothing' })
})

test('without the word of all survivors nothing is taken for a disk from elsewhere', () => {
  const asked = (one: Metadata) => ({
    resource: pair,
    target: 'server2',
    versions: 'equal' as const,
    sizes: [{ volume: 0, data: GIB, disk: 2 * GIB }],
    reports: reportsOf(pair, [SERVING, DOWN]).map((report) =>
      report.node === 'server1' ? withMetadata(one)(report) : report,
    ),
  })
  for (const one of [{ kind: 'none' }, { kind: 'unknown', said: '' }] as const)
    expect(comingVolume(asked(one), 0)).toMatchObject({
      kind: 'refused',
      fact: expect.stringMatching(/is not known/) as string,
    })
  expect(comingVolume(asked(data(B)), 0)).toMatchObject({ how: 'anew' })
})
