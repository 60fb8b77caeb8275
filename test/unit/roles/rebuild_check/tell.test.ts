import { expect, test } from 'vitest'
import type { Decision } from '../../../../roles/drbd_rejoin/decision.ts'
import { caseOf, tell } from '../../../../roles/rebuild_check/tell.ts'
import type { FoundPlan } from '../../../../roles/cluster_rejoin/find_plan.ts'

const connect = (...how: ('blank' | 'anew' | 'same' | 'partial' | 'full')[]): Decision => ({
  kind: 'connect',
  volumes: how.map((one, volume) => ({ volume, how: one })),
})
const keep = { do: 'keep', from: 'server1' } as const
const add = { name: 'server3', addresses: ['10.0.0.3'] }
const replace = { do: 'replace', via: 'server1', remove: 'server2', add } as const

test.each<[string, FoundPlan['plan'], Decision[]]>([
  ['reinstalled: its place in the cluster and its data are lost', keep, [connect('blank')]],
  ['reinstalled: its place in the cluster and its data are lost', keep, [connect('partial', 'anew')]],
  [
    'reinstalled: its place in the cluster is lost; whether its data are is seen once DRBD is there',
    keep,
    [{ kind: 'later' }],
  ],
  ['it lost its place in the cluster, and nothing else', keep, [connect('partial')]],
  ['its place in the cluster is lost', keep, []],
  ['it lost its place in the cluster, and nothing else', keep, [{ kind: 'syncing' }]],
  ['a new disk: its data are lost', { do: 'nothing' }, [connect('blank')]],
  ['a new disk: its data are lost', { do: 'start' }, [{ kind: 'nothing' }, connect('anew')]],
  ['nothing is lost: its cluster has only to be started', { do: 'start' }, [connect('partial')]],
  ['nothing is lost: its data have only to be brought up to date', { do: 'nothing' }, [connect('full')]],
  ['on its way back: its data are being copied', { do: 'nothing' }, [{ kind: 'syncing' }]],
  ['nothing is lost', { do: 'nothing' }, [{ kind: 'nothing' }]],
  [
    'another machine, or one with another name or address, takes the place of the one that was lost',
    replace,
    [connect('blank')],
  ],
])('%s', (said, plan, resources) => expect(caseOf(plan, resources)).toBe(said))

test('what is told', () => {
  const proof = "the operator's word: dead_node is server2"
  const lines = ['r0: its disk is blank: metadata are made on it, and all is copied to it']
  const coming = [{ decision: connect('blank'), lines }]
  expect(tell('server3', { plan: replace, gone: 'server2', proof }, coming).join('\n'))
    .toMatchInlineSnapshot(`
    "another machine, or one with another name or address, takes the place of the one that was lost
    server2 does not run: the operator's word: dead_node is server2
    server2 is taken out of the cluster, and server3 (10.0.0.3) is added to the cluster
    r0: its disk is blank: metadata are made on it, and all is copied to it"
  `)
  expect(tell('server1', { plan: { do: 'nothing' }, gone: null, proof: undefined }, []).join('\n'))
    .toMatchInlineSnapshot(`
    "nothing is lost
    server1 is a member of the cluster"
  `)
})
