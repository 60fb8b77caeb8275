import { expect, test } from 'vitest'
import { provenGone } from '../../../../src/cluster/rejoin/proven_gone.ts'
import type { GoneQuestion } from '../../../../src/cluster/rejoin/proven_gone.ts'
import { blank, confOf, statusOf, stopped, working } from './views.ts'

const pair = confOf([
  { name: 'server1', address: '10.0.0.1' },
  { name: 'server2', address: '10.0.0.2' },
])
const names = ['server1', 'server2']
const fenced = {
  target: 'server2',
  action: 'reboot',
  status: 'success',
  completed: '2026-11-20 03:00:00 +00:00',
}
const failed = { ...fenced, status: 'failed', completed: '2026-11-21 03:00:00 +00:00' }

const seeing = (more: Parameters<typeof statusOf>[2], online: readonly string[] = ['server1']) => [
  working('server1', pair, statusOf(names, online, more)),
]

/** Of server2, by server1, without fencing, unless told otherwise. */
const proof = (more: Partial<GoneQuestion>) =>
  provenGone({
    gone: 'server2',
    target: blank('server2'),
    survivors: seeing({}),
    power: [],
    word: undefined,
    ...more,
  })

const off = { device: 'ipmi2', asked: 'server1', state: 'off', said: '' } as const
const fencing = { fencingEnabled: true }

test.each<[string, Partial<GoneQuestion>, string]>([
  ['the operator says so', { word: 'server2' }, "the operator's word: dead_node is server2"],
  [
    'it was fenced',
    { survivors: seeing({ ...fencing, fencing: [fenced] }) },
    'server1 fenced server2 (reboot, 2026-11-20 03:00:00 +00:00)',
  ],
  [
    'it was fenced at the second go',
    {
      survivors: seeing({
        ...fencing,
        fencing: [{ ...failed, completed: '2026-11-19 03:00:00 +00:00' }, fenced],
      }),
    },
    'server1 fenced server2 (reboot, 2026-11-20 03:00:00 +00:00)',
  ],
  ['its power is off', { power: [off] }, 'its power is off, says ipmi2, asked by server1'],
  [
    'it is the machine that answers',
    { target: stopped('server2', pair) },
    "the machine that answers is server2: it has the cluster's key",
  ],
  [
    'it is the machine that answers, also where its fencing does not work',
    { target: stopped('server2', pair), survivors: seeing({ ...fencing, unclean: ['server2'] }) },
    "the machine that answers is server2: it has the cluster's key",
  ],
  [
    'another machine takes the place of one that was fenced',
    { target: blank('server9'), survivors: seeing({ ...fencing, fencing: [fenced] }) },
    'server1 fenced server2 (reboot, 2026-11-20 03:00:00 +00:00)',
  ],
])('proven: %s', (_what, question, by) => {
  expect(proof(question)).toEqual({ proven: true, by })
})

test.each<[string, Partial<GoneQuestion>, string]>([
  ['nothing is known', {}, 'nothing proves that server2 does not run any more'],
  [
    'it is online, whatever the operator says',
    { word: 'server2', survivors: seeing({}, names), power: [off] },
    'server2 is online for server1',
  ],
  [
    'the operator names another node, whatever else is known',
    { word: 'server1', power: [off] },
    'dead_node says server1, and it is server2 whose place is taken',
  ],
  [
    'the operator names the new node, and not the one it replaces',
    { word: 'server9', target: blank('server9') },
    'dead_node says server9, and it is server2 whose place is taken',
  ],
  [
    'fencing is not done yet: what ran there waits, which the word to us does not end',
    { word: 'server2', survivors: seeing({ ...fencing, unclean: ['server2'], fencing: [failed] }) },
    'server1 has not succeeded in fencing server2, and holds back what ran there (reboot failed',
  ],
  [
    'it was fenced once, and the last time that failed',
    { survivors: seeing({ ...fencing, fencing: [fenced, failed] }) },
    'fencing, by server1: reboot failed, 2026-11-21',
  ],
  [
    'fencing is under way',
    {
      survivors: seeing({
        ...fencing,
        fencing: [fenced, { ...fenced, status: 'pending', completed: undefined }],
      }),
    },
    'fencing, by server1: reboot pending',
  ],
  [
    'the other node was fenced',
    { survivors: seeing({ ...fencing, fencing: [{ ...fenced, target: 'server1' }] }) },
    'fencing, by server1: none is on record',
  ],
  [
    'it was only switched on',
    { survivors: seeing({ ...fencing, fencing: [{ ...fenced, action: 'on' }] }) },
    'nothing proves',
  ],
  [
    'it was fenced before fencing was switched off: a loss since then would not show',
    { survivors: seeing({ fencing: [fenced] }) },
    'fencing, by server1: it is switched off (stonith-enabled)',
  ],
  [
    'one of two power supplies is off',
    { power: [off, { ...off, device: 'pdu2', state: 'on' }] },
    'power, says pdu2, asked by server1: on',
  ],
  [
    'the fence device does not tell',
    { power: [{ ...off, state: 'unknown', said: 'Connection timed out' }] },
    'power, says ipmi2, asked by server1: unknown (Connection timed out)',
  ],
  [
    'another name with the key of the cluster: a clone would have it too',
    { target: stopped('server9', pair) },
    'server9 is another machine',
  ],
  [
    'no key anywhere is no proof',
    { survivors: [{ ...seeing({})[0]!, authkey: undefined }] },
    "the machine at its address does not have the cluster's key",
  ],
])('not proven: %s', (_what, question, seen) => {
  const answer = proof(question)
  expect(answer).toMatchObject({ proven: false, seen: expect.stringContaining(seen) })
  expect(answer).toMatchObject({ remedy: expect.stringMatching(/server2|dead_node/) })
})

test('what all was looked at is told', () => {
  expect(proof({ survivors: seeing(fencing), power: [{ ...off, state: 'on' }] })).toMatchInlineSnapshot(`
    {
      "proven": false,
      "remedy": "See that server2 is off, or cut off from network and disks, with your own eyes. Then say so by name: -e dead_node=server2",
      "seen": "nothing proves that server2 does not run any more
    fencing, by server1: none is on record
    power, says ipmi2, asked by server1: on
    the machine at its address does not have the cluster's key: it may be another one",
    }
  `)
})
