import { describe, expect, test } from 'vitest'
import { startedOn, unhealthy } from '../../../../roles/drill_failover/health.ts'
import { unsynced } from '../../../../roles/drill_failover/in_sync.ts'
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
})

describe('DRBD in sync', () => {
  const old = (state: string) =>
    `version: 8.4.11 (api:1/proto:86-101)\n\n 0: cs:${state} C r-----\n    oos:0\n`
  test.each([
    ['', []],
    [old('Connected ro:Primary/Secondary ds:UpToDate/UpToDate'), []],
    ['version: 8.4.11 (api:1/proto:86-101)\n 0: cs:Unconfigured\n', []],
    [
      old('SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent'),
      ['drbd0: SyncSource, UpToDate/Inconsistent'],
    ],
    [old('WFConnection ro:Primary/Unknown ds:UpToDate/DUnknown'), ['drbd0: WFConnection, UpToDate/DUnknown']],
    [old('StandAlone ro:Primary/Unknown ds:UpToDate/DUnknown'), ['drbd0: StandAlone, UpToDate/DUnknown']],
  ])('%j', (text, said) => expect(unsynced(text)).toEqual(said))

  const nine = (connection: string, replication: string, peerDisk: string) =>
    `version: 9.2.16 (api:2/proto:86-122)\n\n=== status\n${JSON.stringify([
      {
        name: 'r0',
        'node-id': 0,
        role: 'Primary',
        suspended: false,
        devices: [{ volume: 0, minor: 0, 'disk-state': 'UpToDate', quorum: true }],
        connections: [
          {
            'peer-node-id': 1,
            name: 'server2',
            'connection-state': connection,
            'peer-role': 'Secondary',
            peer_devices: [{ volume: 0, 'replication-state': replication, 'peer-disk-state': peerDisk }],
          },
        ],
      },
    ])}`
  test.each([
    [nine('Connected', 'Established', 'UpToDate'), []],
    [nine('Connected', 'SyncSource', 'Inconsistent'), ['r0: SyncSource, Inconsistent on server2']],
    [nine('StandAlone', 'Off', 'DUnknown'), ['r0: StandAlone to server2']],
  ])('9: %#', (text, said) => expect(unsynced(text)).toEqual(said))
})
