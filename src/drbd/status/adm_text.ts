import type { ConnectionState, PeerVolume, ResourceState, VolumeState } from './node_report.ts'

/**
 * Reads the text of `drbdadm status`, the form that 8.4 has: a resource at the margin, its volumes and its peers
 * indented by two, what belongs to a peer by four. Only what is not as usual is printed: without `connection:` it is
 * Connected, without `replication:` Established. 8.4 names every peer `peer`, and leaves out one towards which it is
 * StandAlone: there /proc/drbd says more.
 *
 * @param peerName what a peer that is called `peer` is really called
 */
export function parseAdmStatus(stdout: string, peerName?: string): ResourceState[] {
  return stdout
    .split(/\n(?=\S)/)
    .filter((part) => /^[^\s#]\S* .*\brole:/.test(part))
    .map((part) => resource(part.split('\n'), peerName))
}

function resource([head = '', ...lines]: readonly string[], peerName: string | undefined): ResourceState {
  const top = fields(head)
  const volumes: VolumeState[] = []
  const connections: (ConnectionState & { volumes: PeerVolume[] })[] = []
  for (const line of lines) {
    const keys = fields(line)
    const indent = /^ */.exec(line)?.[0].length ?? 0
    const number = keys.get('volume')
    const disk = keys.get('disk')
    const peerDisk = keys.get('peer-disk')
    const open = connections.at(-1)
    if (peerDisk !== undefined && open !== undefined) {
      open.volumes.push({
        volume: Number(number ?? 0),
        replication: keys.get('replication') ?? (open.state === 'Connected' ? 'Established' : 'Off'),
        peerDisk,
        outOfSync: undefined,
        percentInSync: keys.has('done') ? Number(keys.get('done')) : undefined,
      })
    } else if (disk !== undefined) {
      const quorum = keys.get('quorum')
      volumes.push({
        volume: Number(number ?? 0),
        minor: undefined,
        disk,
        quorum: quorum === undefined ? undefined : quorum === 'yes',
        open: keys.has('open') ? keys.get('open') === 'yes' : undefined,
        size: undefined,
      })
    } else if (indent === 2 && /^ {2}\S+ (?:connection|role):/.test(line)) {
      const name = line.trim().split(' ')[0] ?? ''
      connections.push({
        peer: name === 'peer' ? (peerName ?? name) : name,
        state: keys.get('connection') ?? 'Connected',
        peerRole: keys.get('role') ?? 'Unknown',
        volumes: [],
      })
    }
  }
  return {
    name: head.split(' ')[0] ?? '',
    role: top.get('role') ?? 'Unknown',
    suspended: top.has('suspended') && top.get('suspended') !== 'no',
    volumes,
    connections,
  }
}

function fields(line: string): Map<string, string> {
  return new Map([...line.matchAll(/([a-z-]+):(\S+)/g)].map(([, key = '', value = '']) => [key, value]))
}
