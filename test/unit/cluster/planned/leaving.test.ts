import { describe, expect, test } from 'vitest'
import { notLeft } from '../../../../src/cluster/planned/has_left.ts'
import { notReturned } from '../../../../src/cluster/planned/has_returned.ts'
import { forbidsLeaving } from '../../../../src/cluster/planned/may_leave.ts'
import type { Leaving } from '../../../../src/cluster/planned/may_leave.ts'
import { servicesOn } from '../../../../src/cluster/planned/services.ts'
import type { ClusterStatus, NodeStatus, ResourceStatus } from '../../../../src/pacemaker/crm_mon.ts'
import type { QuorumStatus } from '../../../../src/pacemaker/corosync/status.ts'
import { parseSimulation } from '../../../../src/pacemaker/crm_simulate.ts'
import { statusOf } from '../rejoin/views.ts'

const names = ['server1', 'server2']

const resource = (id: string, node: string | null, more: Partial<ResourceStatus> = {}): ResourceStatus => ({
  id,
  agent: 'ocf:heartbeat:IPaddr2',
  role: node === null ? 'Stopped' : 'Started',
  targetRole: undefined,
  active: node !== null,
  failed: false,
  blocked: false,
  managed: true,
  orphaned: false,
  pending: undefined,
  nodes: node === null ? [] : [node],
  group: undefined,
  clone: undefined,
  ...more,
})

const drbd = (node: string | null, role: string) =>
  resource('drbd', node, { agent: 'ocf:linbit:drbd', role, clone: 'drbd-clone' })

/** server2 runs an address on top of DRBD; `node` changes what is said of it, or of the other one. */
const cluster = (
  more: Partial<ClusterStatus> = {},
  { other = {}, self = {} }: { other?: Partial<NodeStatus>; self?: Partial<NodeStatus> } = {},
): ClusterStatus => {
  const status = statusOf(names, names, {
    resources: [
      resource('vip', 'server2'),
      drbd('server2', 'Promoted'),
      drbd('server1', 'Unpromoted'),
      resource('fence1', 'server2', { agent: 'stonith:fence_ipmilan' }),
    ],
    ...more,
  })
  const nodes = status.nodes.map((node) => ({ ...node, ...(node.name === 'server1' ? other : self) }))
  return { ...status, nodes }
}

const summary = (...lines: string[]) =>
  parseSimulation(
    `Transition Summary:\n${lines.map((line) => `  * ${line}\n`).join('')}\nExecuting Cluster Transition:\n`,
  )

const MOVES = summary(
  'Move       vip         ( server2 -> server1 )',
  'Move       fence1      ( server2 -> server1 )',
  'Stop       drbd:0      (            Promoted server2 )  due to node availability',
  'Promote    drbd:1      ( Unpromoted -> Promoted server1 )',
)

/** As of so many nodes with a vote each. */
const votes = (present: number, quorum: number): QuorumStatus => ({
  quorate: present >= quorum,
  expectedVotes: present,
  totalVotes: present,
  quorum,
  flags: [],
  members: [...Array(present).keys()].map((at) => ({ id: at + 1, votes: 1, name: '', local: at === 0 })),
})

const leaving = (more: Partial<Leaving> = {}): string[] =>
  forbidsLeaving({
    node: 'server2',
    status: cluster(),
    actions: MOVES,
    unsynced: [],
    // Of two nodes: one is enough.
    quorum: votes(2, 1),
    ...more,
  })

describe('a node that is to run nothing', () => {
  test('hands over what others have to take', () => {
    expect(servicesOn(cluster(), 'server2')).toEqual(['vip', 'drbd'])
    expect(servicesOn(cluster(), 'server1')).toEqual([])
    expect(leaving()).toEqual([])
  })

  test('is judged by Pacemaker where corosync does not tell of votes', () => {
    expect(leaving({ quorum: { ...votes(0, 0), quorum: Number.NaN } })).toEqual([])
  })

  test('is left alone where it has already', () => {
    const status = cluster(
      { resources: [resource('vip', 'server1')], quorate: false },
      { self: { standby: true } },
    )
    expect(leaving({ status, unsynced: ['server2: r0: Connecting to server1'], actions: [] })).toEqual([])
  })

  test.each<[string, Partial<Leaving>, string]>([
    [
      'the other is in standby',
      { status: cluster({}, { other: { standby: true } }) },
      'no other node is online',
    ],
    [
      'the other is offline',
      { status: cluster({}, { other: { online: false } }) },
      'no other node is online',
    ],
    [
      'the other is joining',
      { status: cluster({}, { other: { pending: true } }) },
      'no other node is online',
    ],
    ['there is no quorum', { status: cluster({ quorate: false }) }, 'the cluster has no quorum'],
    ['there is no DC', { status: cluster({ dc: undefined }) }, 'the cluster has no DC'],
    [
      'the cluster is in maintenance',
      { status: cluster({ maintenance: true }) },
      'the cluster is in maintenance',
    ],
    [
      'the node is in maintenance',
      { status: cluster({}, { self: { maintenance: true } }) },
      'is in maintenance',
    ],
    ['it is offline itself', { status: cluster({}, { self: { online: false } }) }, 'server2 is not online'],
    [
      'something there is not managed',
      { status: cluster({ resources: [resource('vip', 'server2', { managed: false })] }) },
      'vip is not managed by the cluster, and would stay',
    ],
    [
      'the others would have no quorum',
      { quorum: votes(2, 2) },
      'without it the others have 1 votes, and a quorum takes 2',
    ],
    ['data are not in step', { unsynced: ['server1: r0: Inconsistent'] }, 'server1: r0: Inconsistent'],
    [
      'a service would stop',
      { actions: summary('Stop       vip         ( server2 )  due to node availability') },
      'vip would run nowhere: would stop vip on server2',
    ],
    [
      'DRBD would be promoted nowhere',
      { actions: summary('Stop       drbd:0      ( Promoted server2 )  due to node availability') },
      'drbd would run nowhere',
    ],
    [
      'a node would be fenced',
      { actions: summary("Fence (reboot) server2 'vip is thought to be active there'") },
      'the cluster would fence server2 (reboot)',
    ],
    [
      'it is in standby, and something still runs there',
      {
        status: cluster({}, { self: { standby: true }, other: { standby: true } }),
        actions: [],
      },
      'no other node is online',
    ],
  ])('is refused where %s', (_what, more, said) => {
    expect(leaving(more).join('\n')).toContain(said)
  })
})

describe('a node has left', () => {
  const moved = [resource('vip', 'server1'), drbd('server1', 'Promoted'), drbd(null, 'Stopped')]
  const left = (resources: ResourceStatus[]) => notLeft(cluster({ resources }), 'server2', ['vip', 'drbd'])
  test('once nothing runs there, and everything elsewhere', () => expect(left(moved)).toEqual([]))
  test.each<[string, ResourceStatus[], string[]]>([
    ['an address is still there', [...moved, resource('more', 'server2')], ['more still runs on server2']],
    [
      'it is still on its way',
      [resource('vip', 'server1', { pending: 'Starting' }), ...moved.slice(1)],
      ['vip does not run elsewhere yet'],
    ],
    [
      'it has failed elsewhere',
      [resource('vip', 'server1', { failed: true, blocked: true }), ...moved.slice(1)],
      ['vip does not run elsewhere yet', 'vip is blocked: the cluster cannot recover it'],
    ],
    [
      'DRBD is promoted nowhere',
      [resource('vip', 'server1'), drbd('server1', 'Unpromoted')],
      ['drbd does not run elsewhere yet'],
    ],
  ])('not while %s', (_what, resources, said) => expect(left(resources)).toEqual(said))
})

describe('a node has returned', () => {
  test('once it may run everything', () => expect(notReturned(cluster(), 'server2')).toEqual([]))
  test.each<[string, ClusterStatus, string[]]>([
    ['in standby', cluster({}, { self: { standby: true } }), ['server2 is in standby']],
    ['joining', cluster({}, { self: { pending: true } }), ['server2 is joining']],
    ['offline', cluster({}, { self: { online: false } }), ['server2 is offline']],
    [
      'starting something',
      cluster({ resources: [resource('vip', 'server2', { pending: 'Starting' })] }),
      ['vip is starting on server2'],
    ],
    [
      'with a failure',
      cluster({ resources: [resource('vip', 'server2', { failed: true })] }),
      ['vip has failed on server2'],
    ],
  ])('not while it is %s', (_what, status, said) => expect(notReturned(status, 'server2')).toEqual(said))
})
