import type { ConnectionState, PeerVolume, ResourceState, VolumeState } from './node_report.ts'
import type { ProcDrbd } from './proc_drbd.ts'

/**
 * Reads `drbdsetup events2 --now --statistics` of 8.4, which names its resources and tells also of a connection that is
 * StandAlone (`drbdsetup status` leaves it out). 8.4 does not say who the peer is: it is called `peer`.
 *
 * @param proc /proc/drbd of the same moment, which alone knows how fast a sync is
 * @returns undefined where the output has no end
 */
export function parseEvents2(stdout: string, proc: ProcDrbd): ResourceState[] | undefined {
  if (!/^exists -$/m.test(stdout)) return undefined
  const objects = [...stdout.matchAll(/^exists (resource|connection|device|peer-device) (.*)$/gm)].map(
    ([, kind = '', text = '']) => ({ kind, keys: keysOf(text) }),
  )
  const of = (kind: string, name: string) =>
    objects.filter((one) => one.kind === kind && one.keys.get('name') === name).map((one) => one.keys)
  return objects
    .filter(({ kind }) => kind === 'resource')
    .map(({ keys }) => {
      const name = keys.get('name') ?? ''
      const volumes = of('device', name).map(volumeOf)
      const peers = of('peer-device', name)
      return {
        name,
        role: keys.get('role') ?? 'Unknown',
        suspended: (keys.get('suspended') ?? 'no') !== 'no',
        volumes,
        connections: of('connection', name).map((connection): ConnectionState => ({
          peer: connection.get('conn-name') ?? 'peer',
          state: connection.get('connection') ?? 'Unknown',
          peerRole: connection.get('role') ?? 'Unknown',
          volumes: peers.map((peer) => peerVolumeOf(peer, volumes, proc)),
        })),
      }
    })
}

type Keys = ReadonlyMap<string, string>

const keysOf = (text: string): Keys =>
  new Map([...text.matchAll(/(\S+?):(\S*)/g)].map(([, key = '', value = '']) => [key, value]))

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined

function volumeOf(device: Keys): VolumeState {
  return {
    volume: numberOf(device.get('volume')) ?? 0,
    minor: numberOf(device.get('minor')),
    disk: device.get('disk') ?? 'DUnknown',
    quorum: undefined,
    open: undefined,
    size: numberOf(device.get('size')),
  }
}

function peerVolumeOf(peer: Keys, volumes: readonly VolumeState[], proc: ProcDrbd): PeerVolume {
  const volume = numberOf(peer.get('volume')) ?? 0
  const minor = volumes.find((one) => one.volume === volume)?.minor
  const { percentDone, pace } = proc.minors.find((one) => one.minor === minor) ?? {}
  return {
    volume,
    replication: peer.get('replication') ?? 'Off',
    peerDisk: peer.get('peer-disk') ?? 'DUnknown',
    outOfSync: numberOf(peer.get('out-of-sync')),
    percentInSync: percentDone,
    ...(pace === undefined ? {} : { pace }),
  }
}
