import { expect, test } from 'vitest'
import { directionOf } from '../../../../src/drbd/rejoin/direction.ts'
import type { ConnectionState, DrbdNodeReport } from '../../../../src/drbd/status/node_report.ts'
import { declared, PAIR, withTiebreaker } from '../declared.ts'
import { FRESH_NODE, FRESH_TIEBREAKER, reportsOf } from '../world.ts'
import type { ModelNode } from '../world.ts'
import { both } from './case.ts'

const resource = declared()
const node = (replication: string, disk = 'Inconsistent', fields: Partial<ModelNode> = {}): ModelNode => ({
  ...FRESH_NODE,
  replication,
  disk,
  ...fields,
})
const direction = (survivor: ModelNode, target: ModelNode, on = resource) =>
  directionOf({ resource: on, target: 'server2', reports: reportsOf(on, [survivor, target]) })

test.each<[string, ModelNode, ModelNode, string]>([
  ['copied to it', node('SyncSource', 'UpToDate'), node('SyncTarget'), 'right'],
  ['it only just begins', node('Established', 'UpToDate'), node('WFBitMapT'), 'right'],
  ['in sync', node('Established', 'UpToDate'), node('Established', 'UpToDate'), 'right'],
  ['being verified', node('VerifyS', 'UpToDate'), node('VerifyT', 'UpToDate'), 'right'],
  ['copied from it', node('SyncTarget', 'UpToDate'), node('SyncSource', 'UpToDate'), 'wrong'],
  [
    'it only just begins, seen from the node',
    node('Established', 'UpToDate'),
    node('WFBitMapS', 'UpToDate'),
    'wrong',
  ],
  [
    'it only just begins, seen from the survivor',
    node('WFBitMapT', 'UpToDate'),
    node('Established', 'UpToDate'),
    'wrong',
  ],
  ['it is put off', node('PausedSyncT', 'UpToDate'), node('Established', 'UpToDate'), 'wrong'],
  ['connected, and nothing is settled', node('Established', 'UpToDate'), node('Established'), 'none yet'],
  [
    'not connected',
    node('Off', 'UpToDate', { connection: 'Connecting' }),
    node('Off', 'UpToDate', { connection: 'Connecting' }),
    'none yet',
  ],
  [
    'not up',
    node('Off', 'UpToDate', { connection: 'Connecting' }),
    node('Off', 'Diskless', { up: false }),
    'none yet',
  ],
])('%s', (_what, survivor, target, is) => {
  expect(direction(survivor, target)).toBe(is)
})

const inVolume =
  (volume: number, replication: string) =>
  (report: DrbdNodeReport): DrbdNodeReport => ({
    ...report,
    resource: report.resource && {
      ...report.resource,
      connections: report.resource.connections.map((one): ConnectionState => ({
        ...one,
        volumes: one.volumes.map((each) => (each.volume === volume ? { ...each, replication } : each)),
      })),
    },
  })

test('one volume of several is enough to be wrong, and too few to be right', () => {
  const reports = reportsOf(both, [node('Established', 'UpToDate'), node('SyncTarget')])
  const of = (replication: string) =>
    directionOf({
      resource: both,
      target: 'server2',
      reports: reports.map((report) =>
        report.node === 'server2' ? inVolume(1, replication)(report) : report,
      ),
    })
  expect(of('SyncTarget')).toBe('right')
  expect(of('SyncSource')).toBe('wrong')
  expect(of('Established')).toBe('none yet')
})

test('one survivor of several, too; a tiebreaker has nothing to lose', () => {
  const trio = declared({
    nodes: [...PAIR.nodes, { name: 'server3', node_id: 2, address: '192.168.53.13' }],
    volumes: [
      { volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb', server3: '/dev/sdb' } },
    ],
  })
  const asked = (third: ModelNode) => ({
    resource: trio,
    target: 'server2',
    reports: reportsOf(trio, [node('SyncSource', 'UpToDate'), node('SyncTarget'), third]),
  })
  expect(directionOf(asked(node('Established', 'UpToDate')))).toBe('right')
  expect(directionOf(asked(node('SyncTarget', 'UpToDate')))).toBe('wrong')
  const voted = withTiebreaker()
  const world = [node('SyncSource', 'UpToDate'), node('SyncTarget'), FRESH_TIEBREAKER]
  expect(directionOf({ resource: voted, target: 'server2', reports: reportsOf(voted, world) })).toBe('right')
  expect(directionOf({ resource: voted, target: 'server3', reports: reportsOf(voted, world) })).toBe('right')
})
