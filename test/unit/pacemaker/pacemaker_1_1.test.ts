import { expect, test } from 'vitest'
import { reconcile } from '../../../src/pacemaker/cib/reconcile.ts'
import { cibSchema } from '../../../src/pacemaker/cib/schema.ts'
import { parseCrmMon } from '../../../src/pacemaker/crm_mon.ts'
import { actionText, parseSimulation } from '../../../src/pacemaker/crm_simulate.ts'
import { settled } from '../../../src/pacemaker/settled.ts'
import { parseXml } from '../../../src/pacemaker/xml.ts'
import { fixture } from './fixture.ts'

// Pacemaker 1.1.19, that of OpenVZ 7, built from its sources, its tools run on a file (CIB_file): no cluster of it could be
// had. The CIB is what they made of the patch that brings these resources into an empty one.
const read = (name: string): string => fixture(`pacemaker-1.1.19/${name}`)

const want = cibSchema.parse({
  properties: { 'stonith-enabled': false },
  resources: [
    {
      id: 'VIP',
      agent: 'ocf:heartbeat:IPaddr2',
      options: { ip: '192.168.0.1', cidr_netmask: 20 },
      operations: [{ name: 'monitor', interval: '10s' }],
    },
    {
      id: 'FS',
      agent: 'ocf:heartbeat:Filesystem',
      options: { device: '/dev/drbd0', directory: '/vz', fstype: 'ext4', options: 'noatime,lazytime' },
      operations: [
        { name: 'start', timeout: '60s', 'on-fail': 'restart' },
        { name: 'stop', timeout: '60s', 'on-fail': 'block' },
        { name: 'monitor', interval: '10s', timeout: '60s', 'on-fail': 'restart' },
      ],
    },
    { id: 'VZ7', agent: 'ocf:bringup:openvz', operations: [{ name: 'monitor', interval: '30s' }] },
  ],
  groups: { 'Group-VZ': ['VIP', 'FS', 'VZ7'] },
})

test('the CIB that the patch made is as declared', () => {
  expect(reconcile(parseXml(read('cib.xml')), want).differences).toEqual([])
})

test('a group that runs', () => {
  const status = parseCrmMon(read('crm_mon-as-xml.xml'))
  expect(status).toMatchObject({
    dc: 'server1',
    quorate: true,
    version: '1.1.19-8.vl7.4-c3c624ea3d',
    maintenance: false,
    fencingEnabled: false,
    failures: [],
    fencing: [],
  })
  expect(status.nodes.map(({ name, online, standby }) => [name, online, standby])).toEqual([
    ['server1', true, false],
    ['server2', true, false],
  ])
  expect(
    status.resources.map(({ id, agent, role, nodes, group }) => [id, agent, role, nodes, group]),
  ).toEqual([
    ['VIP', 'ocf:heartbeat:IPaddr2', 'Started', ['server1'], 'Group-VZ'],
    ['FS', 'ocf:heartbeat:Filesystem', 'Started', ['server1'], 'Group-VZ'],
    ['VZ7', 'ocf:bringup:openvz', 'Started', ['server1'], 'Group-VZ'],
  ])
  expect(settled(status, want)).toEqual([])
})

test('a start that failed', () => {
  const status = parseCrmMon(read('crm_mon-failed.xml'))
  expect(status.failures).toMatchObject([
    { operation: 'VZ7_start_0 on server1', resource: 'VZ7', node: 'server1', status: 'unknown error' },
  ])
})

test('what the cluster would do', () => {
  const would = (name: string) => parseSimulation(read(name)).map(actionText)
  expect(would('simulate-start.txt')).toEqual([
    'would start VIP on server1',
    'would start FS on server1',
    'would start VZ7 on server1',
  ])
  expect(would('simulate-move.txt')).toEqual([
    'would move VIP from server1 to server2',
    'would move FS from server1 to server2',
    'would move VZ7 from server1 to server2',
  ])
})
