import { expect, test } from 'vitest'
import { parseEvents2 } from '../../../../src/drbd/status/events2.ts'
import { parseProcDrbd } from '../../../../src/drbd/status/proc_drbd.ts'

const proc = (text: string) => parseProcDrbd(`version: 8.4.11 (api:1/proto:86-101)\n${text}`)!

// Both as virtual machines with the kernel's own 8.4.11 and drbd-utils 9.22.0 printed them.
test('a source of a sync, with its pace', () => {
  const events = `exists resource name:r0 role:Primary suspended:no write-ordering:flush
exists connection name:r0 peer-node-id:0 conn-name:peer connection:Connected role:Secondary congested:no
exists device name:r0 volume:0 minor:0 disk:UpToDate size:524236 read:12272 written:0 al-writes:8 bm-writes:0 upper-pending:0 lower-pending:0 al-suspended:no blocked:no
exists peer-device name:r0 peer-node-id:0 conn-name:peer volume:0 replication:SyncSource peer-disk:Inconsistent resync-suspended:no received:0 sent:12272 out-of-sync:511964 pending:0 unacked:0
exists -
`
  const syncing = ` 0: cs:SyncSource ro:Primary/Secondary ds:UpToDate/Inconsistent C r-----
    ns:8528 nr:0 dw:0 dr:8528 al:8 bm:0 lo:0 pe:2 ua:0 ap:0 ep:1 wo:f oos:515916
	[>....................] sync'ed:  2.4% (515916/524236)K
	finish: 0:05:07 speed: 1,664 (1,664) K/sec
`
  expect(parseEvents2(events, proc(syncing))).toEqual([
    {
      name: 'r0',
      role: 'Primary',
      suspended: false,
      volumes: [{ volume: 0, minor: 0, disk: 'UpToDate', quorum: undefined, open: undefined, size: 524236 }],
      connections: [
        {
          peer: 'peer',
          state: 'Connected',
          peerRole: 'Secondary',
          volumes: [
            {
              volume: 0,
              replication: 'SyncSource',
              peerDisk: 'Inconsistent',
              outOfSync: 511964,
              percentInSync: 2.4,
              pace: { rate: 1664, secondsLeft: 307 },
            },
          ],
        },
      ],
    },
  ])
})

test('StandAlone is told, where `drbdsetup status` says nothing of the peer', () => {
  const events = `exists resource name:r0 role:Primary suspended:no write-ordering:flush
exists connection name:r0 peer-node-id:0 connection:StandAlone role:Unknown congested:no
exists device name:r0 volume:0 minor:0 disk:UpToDate size:524236 read:525730 written:543166
exists peer-device name:r0 peer-node-id:0 volume:0 replication:Off peer-disk:Outdated resync-suspended:no received:0 sent:524635 out-of-sync:8760 pending:0 unacked:0
exists -
`
  const [r0] = parseEvents2(events, proc('')) ?? []
  expect(r0?.connections).toMatchObject([{ peer: 'peer', state: 'StandAlone', peerRole: 'Unknown' }])
})

test('nothing is up; and an answer that is cut off is none', () => {
  expect(parseEvents2('exists -\n', proc(''))).toEqual([])
  expect(parseEvents2('exists resource name:r0 role:Primary suspended:no\n', proc(''))).toBeUndefined()
})
