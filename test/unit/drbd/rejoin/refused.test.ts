import { describe, expect, test } from 'vitest'
import { decideRejoin } from '../../../../src/drbd/rejoin/decide.ts'
import { diskFor } from '../../../../src/drbd/rejoin/size.ts'
import { declared, PAIR } from '../declared.ts'
import { FRESH_NODE, FRESH_TIEBREAKER, reportsOf } from '../world.ts'
import type { ModelNode } from '../world.ts'
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
  inVolume,
  old,
  pair,
  SERVING,
  TARGET,
  voted,
  withMetadata,
  withState,
} from './case.ts'
import type { Case } from './case.ts'

const IN_SYNC: ModelNode = { ...SERVING, connection: 'Connected', replication: 'Established' }
const AWAY: ModelNode = { ...SERVING, reached: false }
const trio = declared({
  nodes: [...PAIR.nodes, { name: 'server3', node_id: 2, address: '192.168.53.13' }],
  volumes: [
    { volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb', server3: '/dev/sdb' } },
  ],
})
const SECOND: ModelNode = { ...SERVING, role: 'Secondary' }

describe('whatever an operator asks for by mistake, at the worst hour', () => {
  test.each<[string, Case, RegExp, RegExp?]>([
    [
      'the wrong node limited: the one that serves',
      { world: [SERVING, BLANK], target: 'server1' },
      /^server1: it is Primary of r0/,
      /--limit server2/,
    ],
    [
      'the wrong node limited, which serves nothing now',
      { world: [SECOND, BLANK], target: 'server1' },
      /^server2: r0 is not up there/,
    ],
    [
      'the wrong node limited, beside one that was made blank',
      { world: [SECOND, { ...FRESH_NODE, connection: 'Connecting' }], target: 'server1' },
      /^server2: volume 0 has just been created/,
      /server1 does hold data.*--limit server2/,
    ],
    [
      'the wrong node limited, which the other is being brought back to',
      { world: [{ ...IN_SYNC, replication: 'SyncSource' }, TARGET], target: 'server1' },
      /^server1: it is Primary/,
      /--limit server2/,
    ],
    [
      'the wrong node limited, which is the only one that knows itself connected',
      { world: [IN_SYNC, SECOND], target: 'server1' },
      /^server1: it is Primary/,
    ],
    [
      'it holds the newer data',
      { world: [SECOND, DOWN], two: withMetadata(data(B, [A])) },
      /^server2: volume 0 holds newer data than the survivors/,
      /Is server2 the node/,
    ],
    [
      'it was primary last, and nobody took over',
      { world: [SECOND, DOWN], two: withMetadata(data(A, [], [], { wasPrimary: true })) },
      /it may hold the last writes/,
    ],
    [
      'it gave its data to the survivor, and never heard of the end',
      { world: [SECOND, DOWN], two: withMetadata(data(A, [C])) },
      /it may hold the last writes/,
    ],
    [
      'the survivor is down',
      { world: [AWAY, BLANK] },
      /^server1: it could not be reached/,
      /data that no other node has/,
    ],
    ['the node itself is down', { world: [SERVING, AWAY] }, /^server2: it could not be reached/],
    [
      'the survivor is blank as well',
      { world: [{ ...SECOND, disk: 'Diskless', metadata: 'none' }, BLANK] },
      /^server1: volume 0 is Diskless/,
    ],
    [
      'the survivor has not even DRBD',
      { world: [BLANK, BLANK], one: (report) => ({ ...report, module: undefined }) },
      /^server1: no DRBD module/,
    ],
    [
      'both were just created',
      { world: [FRESH_NODE, FRESH_NODE] },
      /^server1: volume 0 has just been created there and holds no data/,
      /no rebuild/,
    ],
    [
      'the survivor was just created',
      { world: [{ ...FRESH_NODE, connection: 'Connecting' }, BLANK] },
      /^server1: volume 0 has just been created/,
    ],
    [
      'the survivor never got all of the data',
      { world: [{ ...SECOND, disk: 'Inconsistent' }, BLANK] },
      /^server1: volume 0 is Inconsistent, not UpToDate/,
    ],
    [
      'the survivor was told that its data are old',
      { world: [{ ...SECOND, disk: 'Outdated' }, BLANK] },
      /is Outdated, not UpToDate/,
    ],
    [
      'the survivor does not know',
      { world: [{ ...SECOND, disk: 'Consistent' }, BLANK] },
      /is Consistent, not UpToDate/,
    ],
    [
      'one of its volumes is lost',
      { resource: both, world: [SERVING, BLANK], one: inVolume({ disk: 'Diskless' }, 1) },
      /^server1: volume 1 is Diskless/,
    ],
    [
      'its generation cannot be read',
      { world: [{ ...SERVING, metadata: 'unknown' }, BLANK] },
      /^server1: which data volume 0 holds is not known: nothing/,
    ],
    [
      'the survivor stands still',
      { world: [SERVING, BLANK], one: withState({ suspended: true }) },
      /^server1: its input and output are suspended/,
    ],
    [
      'the survivor has no quorum',
      { world: [SERVING, BLANK], one: inVolume({ quorum: false }) },
      /^server1: volume 0 has no quorum/,
    ],
    [
      'the survivor has a volume less',
      {
        resource: both,
        world: [SERVING, BLANK],
        one: withState((state) => ({ ...state, volumes: state.volumes.slice(1) })),
      },
      /^server1: it has the volumes 1, not 0, 1/,
    ],
    [
      'a split brain',
      { world: [SERVING, DOWN], one: withMetadata(data(B, [A])), two: withMetadata(data(C, [A])) },
      /^server2: volume 0 holds writes that the survivors do not have/,
      /heal-split-brain\.yml -e victim=server2/,
    ],
    [
      'a split brain in one of two volumes',
      {
        resource: both,
        world: [SERVING, DOWN],
        two: withMetadata(data(A), data(C, [B])),
        one: withMetadata(data(A), data(A, [B])),
      },
      /^server2: volume 1 holds writes/,
    ],
    [
      'two operators: another one has it up already, from elsewhere',
      {
        world: [SERVING, { ...SECOND, metadata: 'other data' }],
        one: withMetadata(data(A)),
        two: withMetadata(data(C)),
      },
      /^server2: volume 0 is up there, and its data have no generation in common/,
      /drbdadm down r0/,
    ],
    [
      'its disk cannot be read',
      { world: [SERVING, { ...DOWN, metadata: 'unknown' }] },
      /^server2: which data are on the disk of volume 0 is not known/,
    ],
    ['its disk fails', { world: [SERVING, { ...SECOND, disk: 'Failed' }] }, /^server2: volume 0 is Failed/],
    [
      'a smaller disk',
      { world: [SERVING, BLANK], fields: { sizes: [{ volume: 0, data: GIB, disk: GIB }] } },
      /^server2: the disk of volume 0 is too small/,
      new RegExp(`at least ${diskFor(GIB, 1)}`),
    ],
    [
      'no such disk',
      { world: [SERVING, BLANK], fields: { sizes: [{ volume: 0, data: GIB, disk: undefined }] } },
      /^server2: there is no disk for volume 0/,
    ],
    [
      'nobody knows how much there is',
      { world: [SERVING, BLANK], fields: { sizes: [] } },
      /^server2: there is no disk for volume 0/,
    ],
    [
      'another module than the survivors',
      { world: [SERVING, BLANK], two: (report) => ({ ...report, module: '9.2.19' }) },
      /^server2: it runs DRBD 9\.2\.19, and server1 9\.2\.16/,
    ],
    [
      'a module that cannot talk to theirs',
      {
        world: [SERVING, BLANK],
        two: (report) => ({ ...report, module: '9.0.19' }),
        fields: { versions: 'compatible' },
      },
      /^server2: it runs DRBD 9\.0\.19, which cannot talk to the 9\.2\.16 of server1/,
    ],
    [
      '8.4 in the place of 9',
      { world: [SERVING, BLANK], two: (report) => ({ ...report, module: '8.4.11' }) },
      /^server2: DRBD 8\.4\.11 is loaded, and r0 is declared for 9/,
    ],
    [
      '9 in the place of 8.4',
      { resource: old, world: [SERVING, BLANK], two: (report) => ({ ...report, module: '9.2.16' }) },
      /^server2: DRBD 9\.2\.16 is loaded/,
    ],
    [
      'no module at all',
      { world: [SERVING, BLANK], two: (report) => ({ ...report, module: undefined }) },
      /^server2: no DRBD module is loaded/,
    ],
    [
      'a swapped address: the survivor is connected with somebody else',
      { world: [IN_SYNC, BLANK] },
      /^server1: it is connected with a server2 that is not the one which answered here/,
    ],
    [
      'data go the wrong way already',
      {
        world: [
          { ...SECOND, connection: 'Connected', replication: 'SyncTarget' },
          { ...SECOND, connection: 'Connected', replication: 'SyncSource' },
        ],
      },
      /^server2: volume 0 is copied from it to a survivor/,
      /drbdadm disconnect r0/,
    ],
    [
      'connected, and nothing comes',
      { world: [IN_SYNC, { ...TARGET, replication: 'Established' }] },
      /^server2: volume 0 is Inconsistent and connected \(Established\), and nothing is copied/,
    ],
    [
      'three nodes: the survivors have parted',
      { resource: trio, world: [SERVING, BLANK, SECOND] },
      /^server1: it is Connecting to server3/,
    ],
    [
      'three nodes: one of the survivors is away',
      { resource: trio, world: [SERVING, BLANK, AWAY] },
      /^server3: it could not be reached/,
    ],
    [
      'the tiebreaker is away',
      { resource: voted, world: [SERVING, BLANK, { ...FRESH_TIEBREAKER, reached: false }] },
      /^server3: it could not be reached/,
    ],
    [
      'a node that has no part in it',
      { world: [SERVING, BLANK], target: 'server9' },
      /^server9: it is none of the nodes of r0/,
    ],
  ])('%s', (_what, asked, fact, remedy = /./) => {
    const answer = decide(asked)
    expect(answer.kind).toBe('refused')
    if (answer.kind !== 'refused') return
    expect(`${answer.node}: ${answer.fact}`).toMatch(fact)
    expect(answer.remedy).toMatch(remedy)
  })

  test('reports that are not one of each node', () => {
    const reports = reportsOf(pair, [SERVING, BLANK])
    for (const wrong of [
      [],
      reports.slice(1),
      [...reports, ...reports],
      [...reports, { ...reports[0]!, node: 'server7' }],
    ])
      expect(
        decideRejoin({ resource: pair, target: 'server2', reports: wrong, sizes: [], versions: 'equal' })
          .kind,
      ).toBe('refused')
  })
})
