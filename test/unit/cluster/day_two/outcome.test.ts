import { describe, expect, test } from 'vitest'
import type { Change } from '../../../../src/cluster/day_two/change.ts'
import { happened, notAsForeseen } from '../../../../src/cluster/day_two/happened.ts'
import { notReached } from '../../../../src/cluster/day_two/reached.ts'
import type { Expected } from '../../../../src/cluster/day_two/reached.ts'
import { remainsIn } from '../../../../src/cluster/day_two/remains.ts'
import {
  withClusterMaintenance,
  withoutMoves,
  withPreference,
  withResourceMaintenance,
} from '../../../../src/pacemaker/cib/edit.ts'
import type { ClusterStatus, ResourceStatus } from '../../../../src/pacemaker/crm_mon.ts'
import { child, parseXml, replaced } from '../../../../src/pacemaker/xml.ts'
import { failcountsText } from '../../../../src/report/failcounts_text.ts'
import { outcomeText, outlookText } from '../../../../src/report/day_two_text.ts'
import { painter } from '../../../../src/report/style.ts'
import { allFailCounts } from '../../../../src/cluster/planned/fail_counts.ts'
import { stateOf } from './state.ts'

const STATE = stateOf()
const NOW = new Date('2026-11-22T06:00:00Z')
const plain = painter(false)

/** The fixture's cluster with one resource elsewhere, or otherwise. */
function elsewhere(id: string, more: Partial<ResourceStatus>): ClusterStatus {
  const { status } = STATE
  return { ...status, resources: status.resources.map((one) => (one.id === id ? { ...one, ...more } : one)) }
}
const expected = (change: Change, more: Partial<Expected> = {}): Expected => ({
  change,
  services: ['vip', 'web'],
  leaving: [],
  moving: undefined,
  blocked: [],
  ...more,
})

describe('a change has come about', () => {
  const move = expected(
    { kind: 'move', resource: 'vip', to: 'server3', lifetime: undefined },
    {
      moving: {
        resource: 'vip',
        members: new Set(['vip']),
        from: ['server1'],
        to: 'server3',
        promoted: false,
      },
    },
  )
  const standby = expected({ kind: 'standby', node: 'server1' }, { leaving: ['vip'] })
  const cleanup = expected({ kind: 'cleanup', resource: undefined, node: undefined })
  const maintenance = expected({ kind: 'maintenance', on: true, node: undefined, resource: undefined })

  test.each<[string, Expected, Partial<typeof STATE>, string[]]>([
    ['not while a resource is where it was', move, {}, ['vip runs on server1, not on server3']],
    ['once it runs there', move, { status: elsewhere('vip', { nodes: ['server3'] }) }, []],
    [
      'not while it starts there',
      move,
      { status: elsewhere('vip', { nodes: ['server3'], pending: 'Starting' }) },
      ['vip runs nowhere, not on server3'],
    ],
    [
      'not where something else has stopped',
      move,
      {
        status: {
          ...elsewhere('vip', { nodes: ['server3'] }),
          resources: elsewhere('vip', { nodes: ['server3'] }).resources.filter(({ id }) => id !== 'web'),
        },
      },
      ['web does not run'],
    ],
    ['not before the standby is seen', standby, {}, ['server1 is not in standby']],
    [
      'not while the ban is there',
      expected({ kind: 'clear', resource: 'vip' }),
      {},
      ['cli-ban-vip-on-server2 is still there'],
    ],
    [
      'once it is gone',
      expected({ kind: 'clear', resource: 'vip' }),
      { cib: withoutMoves(STATE.cib, 'vip') },
      [],
    ],
    ['once no failure is on record', cleanup, { status: { ...STATE.status, failures: [] } }, []],
    ['not before the maintenance is seen', maintenance, {}, ['the cluster is not in maintenance']],
    ['once it is', maintenance, { cib: withClusterMaintenance(STATE.cib, true) }, []],
    ['not without a DC', move, { status: { ...STATE.status, dc: undefined } }, ['the cluster has no DC']],
    [
      'not where something is blocked that was not',
      expected({ kind: 'clear', resource: 'webgrp' }),
      { status: elsewhere('off', { blocked: true }) },
      ['off is blocked: the cluster cannot recover it'],
    ],
    [
      'also where something was blocked before',
      expected({ kind: 'clear', resource: 'webgrp' }, { blocked: ['off'] }),
      { status: elsewhere('off', { blocked: true }) },
      [],
    ],
  ])('%s', (_what, one, more, left) => expect(notReached(one, { ...STATE, ...more })).toEqual(left))
})

test('what has moved, started, stopped and been promoted', () => {
  expect(happened(STATE.status, STATE.status)).toEqual([])
  const after = elsewhere('vip', { nodes: ['server3'] })
  const stopped = after.resources.map((one) =>
    one.id === 'web' ? { ...one, active: false, nodes: [] } : one,
  )
  const demoted = stopped.map((one) =>
    one.id === 'db' ? { ...one, role: one.nodes.includes('server1') ? 'Promoted' : 'Unpromoted' } : one,
  )
  expect(happened(STATE.status, { ...after, resources: demoted })).toEqual([
    { resource: 'vip', from: ['server1'], to: ['server3'] },
    { resource: 'web', from: ['server2'], to: [] },
    {
      resource: 'db',
      from: ['server1', 'server2 (promoted)', 'server3'],
      to: ['server1 (promoted)', 'server2', 'server3'],
    },
  ])
})

test('what came otherwise than foreseen', () => {
  const foreseen = [
    { kind: 'move', resource: 'vip', from: 'server2', to: 'server1' },
    { kind: 'move', resource: 'web', from: 'server2', to: 'server3' },
    { kind: 'stop', resource: 'db', node: 'server2' },
    { kind: 'promote', resource: 'db', node: 'server2' },
    { kind: 'start', resource: 'off', node: 'server1' },
    { kind: 'fence', node: 'server1', action: 'reboot' },
  ] as const
  expect(notAsForeseen(foreseen, STATE.status)).toEqual([
    'foreseen: would move web from server2 to server3; it runs on server2',
    'foreseen: would stop db on server2; it runs on server1, server2 (promoted), server3',
    'foreseen: would start off on server1; it runs nowhere',
  ])
})

const FAILED = parseXml(`<status><node_state uname="server2"><transient_attributes><instance_attributes>
  <nvpair name="fail-count-web#start_0" value="INFINITY"/><nvpair name="last-failure-web#start_0" value="1795326172"/>
  <nvpair name="fail-count-vip" value="2"/></instance_attributes></transient_attributes></node_state></status>`)
const CIB = replaced(
  withResourceMaintenance(
    withPreference(STATE.cib, { resource: 'db-clone', node: 'server1', promoted: true }),
    'webgrp',
    true,
  ),
  child(STATE.cib, 'status')!,
  FAILED,
)

test('all that stays, with what takes it away', () => {
  const { status } = stateOf({}, { server3: { standby: true }, server2: { maintenance: true } })
  const text = outcomeText(
    { kind: 'unstandby', node: 'server1' },
    {
      cluster: 'lab',
      via: 'server1',
      happened: [
        { resource: 'vip', from: ['server1'], to: ['server2'] },
        { resource: 'webip', from: [], to: ['server2'] },
        { resource: 'off', from: ['server2'], to: [] },
      ],
      surprises: ['foreseen: would start x on server1; it runs nowhere'],
      remains: remainsIn({ ...STATE, status, cib: CIB }, NOW),
      milliseconds: 2345,
    },
    plain,
    { check: false, commandOf: (words) => ['bringup', 'cluster', ...words, '-i', 'hosts.yml'].join(' ') },
  )
  expect(text).toMatchInlineSnapshot(`
    "✓ unstandby server1: done, and the cluster is at rest  2.3 s
      vip    server1 → server2
      webip  stopped → server2
      off    server2 → stopped
      ! otherwise than foreseen: would start x on server1; it runs nowhere
      ! stays: cli-ban-vip-on-server2 keeps vip off server2
        next  bringup cluster clear vip -i hosts.yml
      ! stays: cli-prefer-db-clone draws the promoted instance of db-clone to server1
        next  bringup cluster clear db-clone -i hosts.yml
      ! stays: failures are counted: web (start): INFINITY on server2
        next  bringup cluster cleanup web -i hosts.yml
      ! stays: failures are counted: vip: 2 on server2
        next  bringup cluster cleanup vip -i hosts.yml
      ! stays: server3 is in standby: nothing runs there
        next  bringup cluster unstandby server3 -i hosts.yml
      ! stays: server2 is in maintenance: nothing there is watched or recovered
        next  bringup cluster maintenance off --node server2 -i hosts.yml
      ! stays: webgrp is in maintenance: it is not watched or recovered
        next  bringup cluster maintenance off --resource webgrp -i hosts.yml"
  `)
})

test('a constraint whose time is over stays, too, and says so', () => {
  const cib =
    parseXml(`<cib><configuration><constraints><rsc_location id="cli-prefer-vip" rsc="vip" role="Started">
    <rule id="r" score="INFINITY" boolean-op="and"><expression id="e" attribute="#uname" operation="eq" value="server2"/>
    <date_expression id="d" operation="lt" end="2026-11-22 05:52:50Z"/></rule></rsc_location></constraints></configuration></cib>`)
  const { status } = STATE
  expect(remainsIn({ ...STATE, status, cib }, NOW)).toEqual([
    {
      text: 'cli-prefer-vip no longer draws vip to server2: its time was over at 2026-11-22T05:52:50Z',
      next: ['clear', 'vip'],
    },
  ])
})

test('a forecast, with what is under way and what is risked', () => {
  const outlook = {
    cluster: 'lab',
    via: 'server2',
    actions: [{ kind: 'start', resource: 'vip', node: 'server1' }],
    anyway: [{ kind: 'stop', resource: 'web', node: 'server1' }],
    risked: [{ text: 'web would run nowhere', risk: 'outage' }],
  } as const
  const change: Change = { kind: 'maintenance', on: false, node: undefined, resource: undefined }
  expect(outlookText(change, outlook, plain, true)).toMatchInlineSnapshot(`
    "maintenance off  cluster lab, by way of server2  (check: nothing is changed)
      ~ would start vip on server1
      · under way already: would stop web on server1
      · what was started or stopped by hand meanwhile it finds out only now, and puts in order
      ! risked: web would run nowhere"
  `)
})

test('failures, counted and remembered', () => {
  const record = {
    counts: allFailCounts(CIB),
    failures: [
      {
        operation: 'web_start_0 on server2',
        node: 'server2',
        resource: 'web',
        status: 'error',
        reason: 'no\u001B[2J',
        when: '2026-11-22 05:42:52Z',
      },
    ],
  }
  expect(failcountsText(record, plain, 'bringup cluster cleanup -i hosts.yml')).toMatchInlineSnapshot(`
    "web  start          on server2  INFINITY: not tried there any more  last 2026-11-22T05:42:52Z
    vip  any operation  on server2  2×
    ! web_start_0 on server2: error (no^[[2J), 2026-11-22 05:42:52Z
      next  Mend the cause, then: bringup cluster cleanup -i hosts.yml"
  `)
  expect(failcountsText({ counts: [], failures: [] }, plain, '')).toBe('✓ no failure is on record')
})
