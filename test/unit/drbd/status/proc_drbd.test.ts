import { expect, test } from 'vitest'
import { parseAdmStatus } from '../../../../src/drbd/status/adm_text.ts'
import { parseProcDrbd, resourceOfMinors } from '../../../../src/drbd/status/proc_drbd.ts'

// Written by hand after the format strings of the module's drbd_proc.c; not taken from a running node.
const HEAD = 'version: 8.4.11 (api:1/proto:86-101)\nsrcversion: 0123456789ABCDEF0123456\n'
const FRESH = `${HEAD} 0: cs:Connected ro:Secondary/Secondary ds:Inconsistent/Inconsistent C r-----
    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:1048508
`
const SYNCING = `${HEAD}
 1: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----
    ns:524288 nr:0 dw:0 dr:526400 al:8 bm:0 lo:0 pe:2 ua:0 ap:0 ep:1 wo:f oos:524220
	[=========>..........] sync'ed: 50.1% (524220/1048508)K
	finish: 0:00:12 speed: 43,688 (43,688) K/sec
 2: cs:Unconfigured

 5: cs:WFConnection ro:Secondary/Unknown ds:UpToDate/DUnknown C s-----
    ns:0 nr:0 dw:0 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:0
`
const R0 = { name: 'r0', peer: 'server2', volumes: [{ volume: 0, minor: 0 }] }

test('the minors of 8.4', () => {
  expect(parseProcDrbd(SYNCING)).toMatchInlineSnapshot(`
    {
      "minors": [
        {
          "connection": "SyncSource",
          "disk": "UpToDate",
          "minor": 1,
          "outOfSync": 524220,
          "pace": {
            "rate": 43688,
            "secondsLeft": 12,
          },
          "peerDisk": "Inconsistent",
          "peerRole": "Secondary",
          "percentDone": 50.1,
          "role": "Primary",
          "suspended": false,
        },
        {
          "connection": "Unconfigured",
          "disk": "Diskless",
          "minor": 2,
          "outOfSync": undefined,
          "peerDisk": "DUnknown",
          "peerRole": "Unknown",
          "percentDone": undefined,
          "role": "Unknown",
          "suspended": false,
        },
        {
          "connection": "WFConnection",
          "disk": "UpToDate",
          "minor": 5,
          "outOfSync": 0,
          "peerDisk": "DUnknown",
          "peerRole": "Unknown",
          "percentDone": undefined,
          "role": "Secondary",
          "suspended": true,
        },
      ],
      "version": "8.4.11",
    }
  `)
})

test('9 has no minors there; without the module there is no such file', () => {
  const nine = 'version: 9.2.16 (api:2/proto:86-122)\nGIT-hash: 0123\nTransports (api:21): tcp (9.2.16)\n'
  expect(parseProcDrbd(nine)).toEqual({ version: '9.2.16', minors: [] })
  expect(parseProcDrbd('cat: /proc/drbd: No such file or directory')).toBeUndefined()
})

const of = (text: string, resource = R0) =>
  resourceOfMinors(parseProcDrbd(text) ?? { version: '', minors: [] }, resource)

test('a fresh resource of 8.4, in the words of 9', () => {
  expect(of(FRESH)).toMatchObject({
    name: 'r0',
    role: 'Secondary',
    suspended: false,
    volumes: [{ volume: 0, minor: 0, disk: 'Inconsistent' }],
    connections: [
      {
        peer: 'server2',
        state: 'Connected',
        peerRole: 'Secondary',
        volumes: [{ volume: 0, replication: 'Established', peerDisk: 'Inconsistent', outOfSync: 1048508 }],
      },
    ],
  })
})

test('a sync, a lost peer, and what is not up', () => {
  const minor = (number: number) => of(SYNCING, { ...R0, volumes: [{ volume: 0, minor: number }] })
  expect(minor(1)?.connections[0]).toMatchObject({
    state: 'Connected',
    volumes: [{ replication: 'SyncSource', outOfSync: 524220, percentInSync: 50.1 }],
  })
  expect(minor(5)).toMatchObject({
    suspended: true,
    connections: [{ state: 'Connecting', peerRole: 'Unknown', volumes: [{ replication: 'Off' }] }],
  })
  expect(minor(2)).toBeUndefined()
  expect(minor(7)).toBeUndefined()
})

test('one volume that is not connected is a resource that is not connected', () => {
  const volumes = [1, 5].map((minor, volume) => ({ volume, minor }))
  expect(of(SYNCING, { ...R0, volumes })?.connections[0]?.state).toBe('Connecting')
  expect(of(SYNCING, { ...R0, volumes })?.role).toBe('Primary')
})

// Written by hand after drbd.conf's guide and the tools' sources; not taken from a running node.
test.each([
  [
    '8.4, in sync',
    'r0 role:Secondary\n  disk:UpToDate\n  peer role:Primary\n    replication:Established peer-disk:UpToDate\n\n',
  ],
  [
    '9, in sync',
    'r0 role:Secondary\n  disk:UpToDate open:no\n  server2 role:Primary\n    peer-disk:UpToDate\n\n',
  ],
])('text: %s', (_what, text) => {
  expect(parseAdmStatus(text, 'server2')).toMatchObject([
    {
      name: 'r0',
      role: 'Secondary',
      suspended: false,
      volumes: [{ volume: 0, disk: 'UpToDate' }],
      connections: [
        {
          peer: 'server2',
          state: 'Connected',
          peerRole: 'Primary',
          volumes: [{ volume: 0, replication: 'Established', peerDisk: 'UpToDate' }],
        },
      ],
    },
  ])
})

test('text: two resources, volumes, a lost peer and a sync', () => {
  const text = `r0 role:Primary suspended:quorum
  volume:0 disk:UpToDate quorum:no
  volume:1 disk:Inconsistent
  server2 connection:StandAlone
  server3 role:Secondary
    volume:0 replication:SyncSource peer-disk:Inconsistent done:12.50
    volume:1 peer-disk:Diskless

r1 role:Secondary
  disk:Diskless

`
  expect(parseAdmStatus(text)).toMatchObject([
    {
      name: 'r0',
      suspended: true,
      volumes: [
        { volume: 0, disk: 'UpToDate', quorum: false },
        { volume: 1, disk: 'Inconsistent', quorum: undefined },
      ],
      connections: [
        { peer: 'server2', state: 'StandAlone', peerRole: 'Unknown', volumes: [] },
        {
          peer: 'server3',
          state: 'Connected',
          volumes: [
            { volume: 0, replication: 'SyncSource', percentInSync: 12.5 },
            { volume: 1, replication: 'Established', peerDisk: 'Diskless' },
          ],
        },
      ],
    },
    { name: 'r1', role: 'Secondary', volumes: [{ disk: 'Diskless' }], connections: [] },
  ])
  expect(parseAdmStatus('# No currently configured DRBD found.\n')).toEqual([])
})
