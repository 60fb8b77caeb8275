import { expect, test } from 'vitest'
import { membershipPlan, replacedMember } from '../../../../src/cluster/rejoin/membership.ts'
import type { MembershipQuestion } from '../../../../src/cluster/rejoin/membership.ts'
import { blank, confOf, statusOf, stopped, working } from './views.ts'
import type { Listed } from './views.ts'

const one = { name: 'server1', address: '10.0.0.1' }
const two = { name: 'server2', address: '10.0.0.2' }
const three = { name: 'server3', address: '10.0.0.3' }
const pair = confOf([one, two])
const trio = confOf([one, two, three])
const names = ['server1', 'server2']
const alone = statusOf(names, ['server1'])
const both = statusOf(names, names)
const survivor = working('server1', pair, alone)

const wanted = (nodes: readonly Listed[], cluster_name = 'lab'): MembershipQuestion['wanted'] => ({
  cluster_name,
  nodes: nodes.map(({ name, address }) => ({ name, addresses: [address] })),
})

/** server2 of a pair is rebuilt, unless told otherwise. */
const plan = (more: Partial<MembershipQuestion>) =>
  membershipPlan({ wanted: wanted([one, two]), target: blank('server2'), survivors: [survivor], ...more })

test.each<[string, Partial<MembershipQuestion>, ReturnType<typeof membershipPlan>]>([
  ['reinstalled', {}, { do: 'keep', from: 'server1' }],
  [
    'another key than the survivors, as of an earlier cluster of the same name',
    { target: { ...stopped('server2', pair), authkey: 'another' } },
    { do: 'keep', from: 'server1' },
  ],
  [
    'the file of a cluster that was there before',
    { target: stopped('server2', confOf([two], 'older')) },
    { do: 'keep', from: 'server1' },
  ],
  ['all files, not started', { target: stopped('server2', pair) }, { do: 'start' }],
  [
    'corosync runs, and Pacemaker does not yet',
    { target: { ...stopped('server2', pair), runs: { corosync: true, pacemaker: false } } },
    { do: 'start' },
  ],
  [
    'about to join, held in standby, as a run left it that died',
    { target: { ...working('server2', pair, statusOf(names, ['server2'])), held: true } },
    { do: 'start' },
  ],
  [
    'a member',
    { target: working('server2', pair, both), survivors: [working('server1', pair, both)] },
    { do: 'nothing' },
  ],
  [
    'another address',
    { wanted: wanted([one, { ...two, address: '10.0.0.22' }]) },
    {
      do: 'replace',
      via: 'server1',
      remove: 'server2',
      add: { name: 'server2', addresses: ['10.0.0.22'] },
    },
  ],
  [
    'another name',
    { wanted: wanted([one, { ...two, name: 'server9' }]), target: blank('server9') },
    { do: 'replace', via: 'server1', remove: 'server2', add: { name: 'server9', addresses: ['10.0.0.2'] } },
  ],
  [
    'another name, where the old one was taken out already',
    {
      wanted: wanted([one, { ...two, name: 'server9' }]),
      target: blank('server9'),
      survivors: [working('server1', confOf([one]), statusOf(['server1'], ['server1']))],
    },
    { do: 'replace', via: 'server1', remove: null, add: { name: 'server9', addresses: ['10.0.0.2'] } },
  ],
  [
    'one of three',
    {
      wanted: wanted([one, two, three]),
      target: blank('server3'),
      survivors: ['server1', 'server2'].map((name) =>
        working(name, trio, statusOf(['server1', 'server2', 'server3'], ['server1', 'server2'])),
      ),
    },
    { do: 'keep', from: 'server1' },
  ],
])('%s', (_what, question, decided) => {
  expect(plan(question)).toEqual(decided)
})

test.each<[string, Partial<MembershipQuestion>, string]>([
  ['no survivor', { survivors: [] }, 'no other node of the cluster takes part'],
  ['both reinstalled', { survivors: [blank('server1')] }, 'server1 is in no cluster'],
  ['the survivor is down', { survivors: [stopped('server1', pair)] }, 'Pacemaker does not run on server1'],
  [
    'the survivor has no DC',
    { survivors: [working('server1', pair, { ...alone, dc: undefined })] },
    'server1 knows of no DC',
  ],
  [
    'the survivor has no quorum',
    { survivors: [working('server1', pair, { ...alone, quorate: false })] },
    'server1 has no quorum',
  ],
  [
    'another cluster',
    { wanted: wanted([one, two], 'other') },
    'server1 is in the cluster lab, and the inventory',
  ],
  [
    'survivors with different files',
    {
      wanted: wanted([one, two, three]),
      target: blank('server3'),
      survivors: [working('server1', trio, both), working('server2', pair, both)],
    },
    'corosync.conf is not the same on server1 and server2',
  ],
  [
    'survivors with different keys',
    {
      wanted: wanted([one, two, three]),
      target: blank('server3'),
      survivors: [working('server1', trio, both), { ...working('server2', trio, both), authkey: 'another' }],
    },
    'server1 and server2 have different keys',
  ],
  [
    'survivors that do not see each other',
    {
      wanted: wanted([one, two, three]),
      target: blank('server3'),
      survivors: ['server1', 'server2'].map((name) =>
        working(name, trio, statusOf(['server1', 'server2', 'server3'], [name], { quorate: true })),
      ),
    },
    'server1 does not see server2 online',
  ],
  [
    'addresses swapped in the inventory',
    {
      wanted: wanted([
        { ...one, address: '10.0.0.2' },
        { ...two, address: '10.0.0.1' },
      ]),
    },
    'server1 has the addresses 10.0.0.1 in the cluster, and 10.0.0.2 in the inventory',
  ],
  [
    'the machines swapped, and the addresses of the cluster not',
    { survivors: [{ ...survivor, self: 'server2' }] },
    'the machine that the inventory has as server1 is server2 in its cluster',
  ],
  [
    'the address of a survivor given to the node',
    { wanted: wanted([one, { ...two, address: '10.0.0.1' }]) },
    'server2 and server1 share an address',
  ],
  [
    'a survivor that the inventory does not have',
    {
      survivors: [
        working('server1', trio, statusOf(['server1', 'server2', 'server3'], ['server1', 'server3'])),
      ],
    },
    'the cluster lists server2 and server3, where the inventory has only server2',
  ],
  [
    'a node that was not asked',
    { wanted: wanted([one, two, three]) },
    'server3 did not say how the cluster is',
  ],
  [
    'a node that is no member, of an inventory with another one too many',
    {
      wanted: wanted([one, two, three]),
      target: blank('server2'),
      survivors: ['server1', 'server3'].map((name) =>
        working(name, pair, statusOf(['server1', 'server2', 'server3'], ['server1', 'server3'])),
      ),
    },
    'server3 is no member of the cluster',
  ],
  [
    'a node renamed that is online',
    {
      wanted: wanted([one, { ...two, name: 'server9' }]),
      target: blank('server9'),
      survivors: [working('server1', pair, both)],
    },
    'server2, whose place server9 would take, is online for server1',
  ],
  [
    'the wrong machine at the address of a node that is online',
    { survivors: [working('server1', pair, both)] },
    'server2 is online for server1, but not the machine at its address: no Pacemaker runs there',
  ],
  [
    'a node that is online for the others, and alone for itself',
    {
      target: working('server2', pair, statusOf(names, ['server2'])),
      survivors: [working('server1', pair, both)],
    },
    'its Pacemaker sees none of the others',
  ],
  [
    'a member that is online, under the address of another',
    {
      target: { ...working('server2', pair, both), self: 'server1' },
      survivors: [working('server1', pair, both)],
    },
    'the machine that the inventory has as server2 is server1 in its cluster',
  ],
  [
    'a member that is online with another address',
    {
      wanted: wanted([one, { ...two, address: '10.0.0.22' }]),
      target: working('server2', pair, both),
      survivors: [working('server1', pair, both)],
    },
    'server2 is online with the addresses 10.0.0.2, and the inventory has 10.0.0.22',
  ],
  [
    'a member that was cut off, and goes on',
    {
      target: working('server2', pair, {
        ...statusOf(names, ['server2']),
        resources: [{ id: 'vip', active: true, nodes: ['server2'] }] as never,
      }),
    },
    'Pacemaker runs on server2, in the cluster lab, while the other nodes do not see it, and runs vip',
  ],
  [
    'a node of another cluster, which runs',
    { target: working('server2', confOf([two], 'older'), statusOf(['server2'], ['server2'])) },
    'Pacemaker runs on server2, in the cluster older',
  ],
  [
    'a node that runs, with the file of this cluster and another key',
    { target: { ...working('server2', pair, statusOf(names, ['server2'])), authkey: 'another', held: true } },
    'Pacemaker runs on server2',
  ],
])('refused: %s', (_what, question, seen) => {
  const decided = plan(question)
  expect(decided).toMatchObject({ do: 'refuse', seen: expect.stringContaining(seen) })
  expect(decided).toMatchObject({ remedy: expect.stringMatching(/\w{4}.*[.\w]$/s) })
})

test('whose old instance has to be gone', () => {
  const survivors = [survivor]
  const add = { name: 'server9', addresses: [] }
  expect(replacedMember({ do: 'keep', from: 'server1' }, 'server2', survivors)).toBe('server2')
  expect(replacedMember({ do: 'start' }, 'server2', survivors)).toBe('server2')
  expect(replacedMember({ do: 'nothing' }, 'server2', survivors)).toBeNull()
  const replace = { do: 'replace', via: 'server1', remove: 'server2', add } as const
  expect(replacedMember(replace, 'server9', survivors)).toBe('server2')
  expect(replacedMember({ ...replace, remove: null }, 'server9', survivors)).toBeNull()
  // Written into the list by a run that died, and never joined.
  expect(replacedMember({ do: 'keep', from: 'server1' }, 'server9', survivors)).toBeNull()
})
