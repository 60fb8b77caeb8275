import type { ResourceState, SyncPace } from './node_report.ts'

/** One minor in /proc/drbd of 8.4, which knows no resource names. */
export interface ProcMinor {
  readonly minor: number
  /** `cs`: connection and replication in one word; `Unconfigured` when nothing is set up. */
  readonly connection: string
  readonly role: string
  readonly peerRole: string
  readonly disk: string
  readonly peerDisk: string
  readonly suspended: boolean
  /** KiB. */
  readonly outOfSync: number | undefined
  /** 0 to 100, while a sync or a verify runs. */
  readonly percentDone: number | undefined
  /** The same. */
  readonly pace?: SyncPace
}

export interface ProcDrbd {
  /** As `8.4.11`, `9.2.16`. */
  readonly version: string
  /** Only 8.4 lists them. */
  readonly minors: readonly ProcMinor[]
}

/** Reads /proc/drbd; undefined when it is not that file: no module is loaded then. */
export function parseProcDrbd(text: string): ProcDrbd | undefined {
  const version = /^version: (\d+\.\d+\.\d+\S*)/m.exec(text)?.[1]
  if (version === undefined) return undefined
  const minors: ProcMinor[] = []
  for (const part of text.split(/^(?=\s*\d+: cs:)/m).slice(1)) {
    const head = /^\s*(\d+): cs:(\S+)(?: ro:([^/\s]+)\/(\S+) ds:([^/\s]+)\/(\S+)\s+(?:[ABC] )?(\S)?)?/.exec(
      part,
    )
    if (head === null) continue
    const [, minor, connection = '', role, peerRole, disk, peerDisk, frozen] = head
    const outOfSync = /\boos:(\d+)/.exec(part)?.[1]
    const done = /(?:sync'ed|verified):\s*([\d.]+)%/.exec(part)?.[1]
    minors.push({
      minor: Number(minor),
      connection,
      role: role ?? 'Unknown',
      peerRole: peerRole ?? 'Unknown',
      disk: disk ?? 'Diskless',
      peerDisk: peerDisk ?? 'DUnknown',
      suspended: frozen === 's',
      outOfSync: outOfSync === undefined ? undefined : Number(outOfSync),
      percentDone: done === undefined ? undefined : Number(done),
      ...paceOf(part),
    })
  }
  return { version, minors }
}

/** `finish: 0:05:07 speed: 1,664 (1,664) want: 2,048 K/sec`, hours first; `stalled` may follow. */
function paceOf(part: string): { pace?: SyncPace } {
  const found = /finish: (\d+):(\d\d):(\d\d) speed: ([\d,]+)/.exec(part)
  if (found === null) return {}
  const [, hours, minutes, seconds, speed = ''] = found
  const rate = Number(speed.replaceAll(',', ''))
  const left = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  return { pace: { rate, secondsLeft: rate === 0 ? undefined : left } }
}

// What `cs` says before there is a connection (8.4, drbd_strings.c); all other words are replication states.
const UNCONNECTED = new Set([
  'StandAlone',
  'Disconnecting',
  'Unconnected',
  'Timeout',
  'BrokenPipe',
  'NetworkFailure',
  'ProtocolError',
  'TearDown',
  'WFConnection',
  'WFReportParams',
])
// As DRBD 9 names the same.
const MODERN: Readonly<Record<string, string>> = { WFConnection: 'Connecting', WFReportParams: 'Connecting' }

/**
 * A resource of 8.4 out of its minors, in the words of 9.
 *
 * @param peer the other node's name, which 8.4 does not say
 * @returns undefined when one of its minors is not configured
 */
export function resourceOfMinors(
  proc: ProcDrbd,
  resource: { name: string; peer: string; volumes: readonly { volume: number; minor: number }[] },
): ResourceState | undefined {
  const found = resource.volumes.flatMap(({ volume, minor }) => {
    const at = proc.minors.find((one) => one.minor === minor && one.connection !== 'Unconfigured')
    return at === undefined ? [] : [{ ...at, volume }]
  })
  const first = found[0]
  if (first === undefined || found.length < resource.volumes.length) return undefined
  const unconnected = found.find(({ connection }) => UNCONNECTED.has(connection))?.connection
  const roles = (of: 'role' | 'peerRole') => found.find((one) => one[of] === 'Primary')?.[of] ?? first[of]
  return {
    name: resource.name,
    role: roles('role'),
    suspended: found.some((one) => one.suspended),
    volumes: found.map(({ volume, minor, disk }) => ({
      volume,
      minor,
      disk,
      quorum: undefined,
      open: undefined,
      size: undefined,
    })),
    connections: [
      {
        peer: resource.peer,
        state: unconnected === undefined ? 'Connected' : (MODERN[unconnected] ?? unconnected),
        peerRole: roles('peerRole'),
        volumes: found.map(({ volume, connection, peerDisk, outOfSync, percentDone, pace }) => ({
          volume,
          replication: UNCONNECTED.has(connection)
            ? 'Off'
            : connection === 'Connected'
              ? 'Established'
              : connection,
          peerDisk,
          outOfSync,
          percentInSync: percentDone,
          ...(pace === undefined ? {} : { pace }),
        })),
      },
    ],
  }
}
