import fc from 'fast-check'
import { expect, test } from 'vitest'
import { atRisk } from '../../../src/drbd/at_risk.ts'
import type { ResourceState } from '../../../src/drbd/status/node_report.ts'

const resource = (disk: string, peers: readonly string[], role = 'Secondary'): ResourceState => ({
  name: 'r0',
  role,
  suspended: false,
  volumes: [{ volume: 0, minor: 0, disk, quorum: undefined, open: undefined, size: undefined }],
  connections: peers.map((peerDisk, index) => ({
    peer: `server${index + 2}`,
    state: peerDisk === 'DUnknown' ? 'Connecting' : 'Connected',
    peerRole: 'Primary',
    volumes: [
      {
        volume: 0,
        replication: 'Established',
        peerDisk,
        outOfSync: undefined,
        percentInSync: undefined,
      },
    ],
  })),
})

const disks = ['UpToDate', 'Inconsistent', 'Outdated', 'Consistent', 'DUnknown', 'Diskless']

test('a copy is only given up where another node has all of it', () =>
  fc.assert(
    fc.property(
      fc.constantFrom(...disks),
      fc.array(fc.constantFrom(...disks), { maxLength: 3 }),
      fc.constantFrom('Primary', 'Secondary'),
      (disk, peers, role) => {
        const isSafe = role === 'Secondary' && (disk === 'Diskless' || peers.includes('UpToDate'))
        expect(atRisk([resource(disk, peers, role)]).length === 0).toBe(isSafe)
      },
    ),
  ))

test('each fact is told, of each resource', () => {
  expect(atRisk([resource('UpToDate', ['UpToDate']), resource('UpToDate', ['DUnknown'], 'Primary')])).toEqual(
    ['r0 is Primary here', 'nobody else is known to have volume 0 of r0 UpToDate'],
  )
})
