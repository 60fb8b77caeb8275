import { describe, expect, test } from 'vitest'
import { startedOn, unhealthy } from '../../../../roles/drill_failover/health.ts'
import { unsynced } from '../../../../src/drbd/unsynced.ts'
import { resourceStates } from '../../../../src/drbd/status/kernel_state.ts'
import type { KernelAnswers } from '../../../../src/drbd/status/kernel_state.ts'
import { parseCrmMon } from '../../../../src/pacemaker/crm_mon.ts'

const monitor = ({ node = '', vip = 'role="Started" active="true"', quorum = 'true' } = {}) =>
  parseCrmMon(`<pacemaker-result><summary>
    <current_dc present="true" name="server1" version="2.1.5" with_quorum="${quorum}"/>
    <cluster_options stonith-enabled="false" maintenance-mode="false"/></summary>
    <nodes><node name="server1" id="1" online="true" ${node}/><node name="server2" id="2" online="true"/></nodes>
    <resources><resource id="vip" resource_agent="ocf:heartbeat:IPaddr2" ${vip}
      blocked="false" managed="true" failed="false" orphaned="false"/></resources></pacemaker-result>`)

describe('a cluster that can take a blow', () => {
  test('is well', () => expect(unhealthy(monitor(), ['vip'])).toEqual([]))
  test('also while it is looked at', () =>
    expect(unhealthy(monitor({ vip: 'role="Started" active="true" pending="Monitoring"' }), ['vip'])).toEqual(
      [],
    ))
  test.each([
    [{ node: 'standby="true"' }, 'server1 is in standby'],
    [{ node: 'pending="true"' }, 'server1 is joining'],
    [{ vip: 'role="Stopped" active="false"' }, 'vip does not run'],
    [{ vip: 'role="Started" active="true" pending="Stopping"' }, 'vip is Stopping'],
    [{ quorum: 'false' }, 'the cluster has no quorum'],
  ])('is not with %o', (changed, said) => {
    expect(unhealthy(monitor(changed), ['vip'])).toContain(said)
  })
})

test('a resource that is being started runs nowhere yet', () => {
  const at = (more: string) =>
    parseCrmMon(`<pacemaker-result><resources><resource id="vip" resource_agent="ocf:heartbeat:IPaddr2" role="Started"
      active="true" blocked="false" managed="true" failed="false" orphaned="false" ${more}><node name="server2" id="2"/>
      </resource></resources></pacemaker-result>`)
  expect(startedOn(at(''), ['vip', 'fs'])).toEqual(['server2', undefined])
  expect(startedOn(at('pending="Starting"'), ['vip'])).toEqual([undefined])
  expect(startedOn(at('pending="Monitoring"'), ['vip'])).toEqual(['server2'])
})

describe('DRBD in sync', () => {
  const old = (state: string, left = 0): KernelAnswers => ({
    procDrbd: `version: 8.4.11 (api:1/proto:86-101)\n\n 0: cs:${state} C r-----\n    oos:${left}\n`,
    status: undefined,
  })
  const nine = (own: object, connection: string, peer: object): KernelAnswers => ({
    procDrbd: 'version: 9.2.16 (api:2/proto:86-122)\n',
    status: JSON.stringify([
      {
        name: 'r0',
        role: 'Primary',
        devices: [{ volume: 0, minor: 0, 'disk-state': 'UpToDate', client: false, ...own }],
        connections: [
          {
            name: 'server2',
            'connection-state': connection,
            'peer-role': 'Secondary',
            peer_devices: [
              {
                volume: 0,
                'replication-state': connection === 'Connected' ? 'Established' : 'Off',
                'peer-disk-state': 'UpToDate',
                'peer-client': false,
                ...peer,
              },
            ],
          },
        ],
      },
    ]),
  })
  const syncing = { 'replication-state': 'SyncSource', 'peer-disk-state': 'Inconsistent' }
  test.each<[string, KernelAnswers, string[]]>([
    ['no DRBD', { procDrbd: '', status: undefined }, []],
    ['8.4: well', old('Connected ro:Primary/Secondary ds:UpToDate/UpToDate'), []],
    ['8.4: nothing is up', { ...old(''), procDrbd: 'version: 8.4.11 (api:1)\n 0: cs:Unconfigured\n' }, []],
    [
      '8.4: a sync',
      old('SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent', 8),
      ['drbd0: SyncSource, Inconsistent on the other node'],
    ],
    [
      '8.4: the source has missed the end of it',
      old('SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent'),
      [],
    ],
    [
      '8.4: the target has not seen the end of it',
      old('SyncTarget ro:Secondary/Primary ds:Inconsistent/UpToDate'),
      ['drbd0: Inconsistent', 'drbd0: SyncTarget, UpToDate on the other node'],
    ],
    [
      '8.4: waiting',
      old('WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown'),
      ['drbd0: Connecting to the other node'],
    ],
    [
      '8.4: given up',
      old('StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown'),
      ['drbd0: StandAlone to the other node'],
    ],
    ['8.4: the disk failed', old('Connected ro:Primary/Secondary ds:Diskless/UpToDate'), ['drbd0: Diskless']],
    ['9: well', nine({}, 'Connected', {}), []],
    ['9: a sync', nine({}, 'Connected', syncing), ['r0: SyncSource, Inconsistent on server2']],
    ['9: given up', nine({}, 'StandAlone', {}), ['r0: StandAlone to server2']],
    ['9: a tiebreaker', nine({}, 'Connected', { 'peer-disk-state': 'Diskless', 'peer-client': true }), []],
    ['9: on the tiebreaker', nine({ 'disk-state': 'Diskless', client: true }, 'Connected', {}), []],
    [
      '9: the disk failed',
      nine({ 'disk-state': 'Diskless' }, 'Connected', { 'peer-disk-state': 'Diskless' }),
      ['r0: Diskless', 'r0: Established, Diskless on server2'],
    ],
  ])('%s', (_what, answers, said) => expect(unsynced(resourceStates(answers))).toEqual(said))
})
