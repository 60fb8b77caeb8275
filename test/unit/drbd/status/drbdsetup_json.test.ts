import { expect, test } from 'vitest'
import { parseDrbdsetupStatus } from '../../../../src/drbd/status/drbdsetup_json.ts'

// Written by hand after the shape that drbdsetup's source gives; not taken from a running node.
const SYNCING = [
  {
    name: 'r0',
    'node-id': 0,
    role: 'Primary',
    suspended: false,
    'suspended-quorum': false,
    'write-ordering': 'flush',
    devices: [
      {
        volume: 0,
        minor: 0,
        'disk-state': 'UpToDate',
        client: false,
        open: true,
        quorum: true,
        size: 1048508,
      },
    ],
    connections: [
      {
        'peer-node-id': 1,
        name: 'server2',
        'connection-state': 'Connected',
        congested: false,
        'peer-role': 'Secondary',
        peer_devices: [
          {
            volume: 0,
            'replication-state': 'SyncSource',
            'peer-disk-state': 'Inconsistent',
            'peer-client': false,
            'resync-suspended': 'no',
            'out-of-sync': 524288,
            'has-sync-details': true,
            'percent-in-sync': 49.99,
            'estimated-seconds-to-finish': 987654321,
          },
        ],
      },
    ],
  },
]

test('a resource in its first sync', () => {
  expect(parseDrbdsetupStatus(JSON.stringify(SYNCING))).toEqual([
    {
      name: 'r0',
      role: 'Primary',
      suspended: false,
      volumes: [
        { volume: 0, minor: 0, disk: 'UpToDate', client: false, quorum: true, open: true, size: 1048508 },
      ],
      connections: [
        {
          peer: 'server2',
          state: 'Connected',
          peerRole: 'Secondary',
          volumes: [
            {
              volume: 0,
              replication: 'SyncSource',
              peerDisk: 'Inconsistent',
              peerClient: false,
              outOfSync: 524288,
              percentInSync: 49.99,
            },
          ],
        },
      ],
    },
  ])
})

test('older tools say less', () => {
  const old =
    '[ { "name": "r0", "role": "Secondary", "devices": [ { "volume": 0, "disk-state": "Diskless", } ]} ]'.replace(
      ', }',
      '}',
    )
  expect(parseDrbdsetupStatus(old)).toEqual([
    {
      name: 'r0',
      role: 'Secondary',
      suspended: false,
      volumes: [
        {
          volume: 0,
          minor: undefined,
          disk: 'Diskless',
          quorum: undefined,
          open: undefined,
          size: undefined,
        },
      ],
      connections: [],
    },
  ])
})

test('the oldest say in a word whether a disk is missing by intent, which is no answer', () => {
  const [resource] = SYNCING
  const devices = [{ ...resource!.devices[0], client: 'no' }]
  const [read] = parseDrbdsetupStatus(JSON.stringify([{ ...resource, devices }]))
  expect(read?.volumes[0]?.client).toBeUndefined()
})

test('suspended for any reason is suspended', () => {
  const frozen = [{ ...SYNCING[0], 'suspended-quorum': true }]
  expect(parseDrbdsetupStatus(JSON.stringify(frozen))[0]?.suspended).toBe(true)
})

test('nothing configured', () => {
  expect(parseDrbdsetupStatus('[\n]\n')).toEqual([])
})

test.each(['', '# No currently configured DRBD found.', '{}', '[{"name":"r0"}]'])(
  'not the status: %j',
  (text) => {
    expect(() => parseDrbdsetupStatus(text)).toThrow(expect.objectContaining({ code: 'NOT_MET' }))
  },
)
