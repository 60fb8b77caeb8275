import { describe, expect, test } from 'vitest'
import { parseCrmMon } from '../../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus, ResourceStatus } from '../../../src/pacemaker/crm_mon.ts'
import { evidence, settled } from '../../../src/pacemaker/settled.ts'
import { DUMMY, wanted } from './cib/wanted.ts'
import { fixture, PACEMAKERS } from './fixture.ts'

const DECLARED = wanted({
  resources: {
    vip: DUMMY,
    webip: DUMMY,
    web: DUMMY,
    pinger: { ...DUMMY, clone: true },
    db: { ...DUMMY, promotable: true },
    off: DUMMY,
    f1: { agent: 'stonith:fence_dummy' },
  },
  groups: { webgrp: ['webip', 'web'] },
})

describe.each(PACEMAKERS)('pacemaker %s', (version) => {
  const mon = (what: string) => parseCrmMon(fixture(`pacemaker-${version}/${what}.xml`))

  test('a cluster at rest has nothing left to do; a disabled resource is as its operator wants it', () => {
    expect(settled(mon('crm_mon'), DECLARED)).toEqual([])
  })

  test('a resource that cannot start is told, with why', () => {
    const bad = wanted({ resources: { bad: DUMMY } })
    expect(settled(mon('crm_mon-failed'), bad)).toEqual(['bad is not running'])
    expect(evidence(mon('crm_mon-failed'), bad)).toEqual([
      expect.stringMatching(/^bad_start_0 on server\d: not configured \(\[findif\] failed\), 2026-/i),
      'node server2 is in standby',
    ])
  })

  test("another's failure is none of ours", () => {
    expect(evidence(mon('crm_mon-failed'), wanted({ resources: { vip: DUMMY } }))).toEqual([
      'node server2 is in standby',
    ])
  })
})

const instance = (fields: Partial<ResourceStatus> = {}): ResourceStatus => ({
  id: 'a',
  agent: 'ocf:pacemaker:Dummy',
  role: 'Started',
  targetRole: undefined,
  active: true,
  failed: false,
  blocked: false,
  managed: true,
  orphaned: false,
  pending: undefined,
  nodes: ['server1'],
  group: undefined,
  clone: undefined,
  ...fields,
})

const status = (resources: ResourceStatus[], fields: Partial<ClusterStatus> = {}): ClusterStatus => ({
  dc: 'server1',
  quorate: true,
  version: '2.1.5',
  maintenance: false,
  fencingEnabled: true,
  nodes: [],
  resources,
  failures: [],
  fencing: [],
  bans: [],
  ...fields,
})

const STOPPED = { role: 'Stopped', active: false, nodes: [] }
const one = wanted({ resources: { a: DUMMY } })
const promoted = wanted({ resources: { a: { ...DUMMY, promotable: true } } })
const cloned = wanted({ resources: { a: { ...DUMMY, clone: true } } })

test.each<[string, ClusterStatus, typeof one, string[]]>([
  ['running', status([instance()]), one, []],
  ['not there yet', status([]), one, ['a is not known to the cluster yet']],
  [
    'an orphan of the same name',
    status([instance({ orphaned: true })]),
    one,
    ['a is not known to the cluster yet'],
  ],
  ['stopped', status([instance(STOPPED)]), one, ['a is not running']],
  ['disabled', status([instance({ ...STOPPED, targetRole: 'Stopped' })]), one, []],
  ['unmanaged', status([instance({ ...STOPPED, managed: false })]), one, []],
  [
    'starting',
    status([instance({ role: 'Starting', pending: 'Starting' })]),
    one,
    ['a is starting on server1'],
  ],
  ['failed', status([instance({ failed: true })]), one, ['a failed on server1']],
  [
    'blocked',
    status([instance({ failed: true, blocked: true })]),
    one,
    ['a is blocked on server1: the cluster cannot recover it'],
  ],
  [
    'on two nodes',
    status([instance({ nodes: ['server1', 'server2'] })]),
    one,
    ['a runs on server1 and server2 at once'],
  ],
  ['a clone on one of two', status([instance(), instance(STOPPED)]), cloned, []],
  ['a clone nowhere', status([instance(STOPPED)]), cloned, ['a is not running']],
  ['promoted', status([instance({ role: 'Promoted' }), instance({ role: 'Unpromoted' })]), promoted, []],
  ['promoted nowhere', status([instance({ role: 'Unpromoted' })]), promoted, ['a is promoted nowhere']],
  ['held unpromoted', status([instance({ role: 'Unpromoted', targetRole: 'Unpromoted' })]), promoted, []],
  ['no DC', status([instance()], { dc: undefined }), one, ['the cluster has no DC yet']],
  ['no quorum', status([instance()], { quorate: false }), one, ['the cluster has no quorum']],
])('%s', (_name, now, declared, expected) => {
  expect(settled(now, declared)).toEqual(expected)
})

test('nodes that are not sure', () => {
  const [node] = parseCrmMon(fixture('pacemaker-3.0.0/crm_mon.xml')).nodes
  const nodes = [
    { ...node!, unclean: true },
    { ...node!, name: 'server2', pending: true },
  ]
  expect(settled(status([instance()], { nodes }), one)).toEqual([
    'node server1 is unclean: what runs there is not known',
    'node server2 is joining',
  ])
})

test('a promotable group is promoted as a whole', () => {
  const group = wanted({ resources: { a: DUMMY }, groups: { g: { resources: ['a'], promotable: true } } })
  expect(settled(status([instance({ role: 'Unpromoted' })]), group)).toEqual(['a is promoted nowhere'])
})
