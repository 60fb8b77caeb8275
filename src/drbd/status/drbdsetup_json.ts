import * as z from 'zod'
import type { ResourceState, SyncPace } from './node_report.ts'
import { BringupError } from '../../errors.ts'

// Keys come and go between versions of drbd-utils: what is not needed is not asked for, what may be absent has a default.
const peerDevice = z.object({
  volume: z.int(),
  'replication-state': z.string(),
  'peer-disk-state': z.string(),
  'peer-client': z.boolean().optional().catch(undefined),
  'out-of-sync': z.number().optional(),
  'percent-in-sync': z.number().optional(),
  // Of the last seconds; only while a sync runs.
  'db1/dt1 [MiB/s]': z.number().optional(),
  'estimated-seconds-to-finish': z.number().optional(),
})

const connection = z.object({
  name: z.string(),
  'connection-state': z.string(),
  'peer-role': z.string().default('Unknown'),
  peer_devices: z.array(peerDevice).default([]),
})

const device = z.object({
  volume: z.int(),
  minor: z.int().optional(),
  'disk-state': z.string(),
  // Words in older ones.
  client: z.boolean().optional().catch(undefined),
  quorum: z.boolean().optional(),
  open: z.boolean().optional(),
  size: z.number().optional(),
})

const resources = z.array(
  z.looseObject({
    name: z.string(),
    role: z.string(),
    suspended: z.boolean().default(false),
    devices: z.array(device).default([]),
    connections: z.array(connection).default([]),
  }),
)

/**
 * Reads `drbdsetup status --json` of DRBD 9: all resources, `[]` when there is none. 8.4 does not have it.
 *
 * @throws BringupError NOT_MET when it is not what drbdsetup prints
 */
export function parseDrbdsetupStatus(stdout: string): ResourceState[] {
  let given: unknown
  try {
    given = JSON.parse(stdout)
  } catch (cause) {
    throw unreadable(stdout, 'no JSON', cause)
  }
  const read = resources.safeParse(given)
  if (!read.success) throw unreadable(stdout, z.prettifyError(read.error), read.error)
  return read.data.map((resource) => ({
    name: resource.name,
    role: resource.role,
    // Newer tools split it by reason; any of them freezes.
    suspended:
      resource.suspended ||
      Object.entries(resource).some(([key, on]) => key.startsWith('suspended-') && on === true),
    volumes: resource.devices.map(({ volume, minor, 'disk-state': disk, client, quorum, open, size }) => ({
      volume,
      minor,
      disk,
      ...(client === undefined ? {} : { client }),
      quorum,
      open,
      size,
    })),
    connections: resource.connections.map((one) => ({
      peer: one.name,
      state: one['connection-state'],
      peerRole: one['peer-role'],
      volumes: one.peer_devices.map((peer) => ({
        volume: peer.volume,
        replication: peer['replication-state'],
        peerDisk: peer['peer-disk-state'],
        ...(peer['peer-client'] === undefined ? {} : { peerClient: peer['peer-client'] }),
        outOfSync: peer['out-of-sync'],
        percentInSync: peer['percent-in-sync'],
        ...paceOf(peer),
      })),
    })),
  }))
}

/** What drbdsetup prints where nothing was copied lately. */
const UNKNOWN_END = 987654321

function paceOf(peer: z.output<typeof peerDevice>): { pace?: SyncPace } {
  const { 'db1/dt1 [MiB/s]': rate, 'estimated-seconds-to-finish': left } = peer
  if (rate === undefined) return {}
  return { pace: { rate: rate * 1024, secondsLeft: left === UNKNOWN_END ? undefined : left } }
}

function unreadable(stdout: string, why: string, cause: unknown): BringupError {
  return new BringupError('NOT_MET', 'the status of DRBD could not be read', {
    expected: 'what `drbdsetup status --json` of DRBD 9 prints',
    seen: `${why}: ${stdout.slice(0, 200)}`,
    cause,
  })
}
