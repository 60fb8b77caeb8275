import type { DrbdNodeReport } from '../../../../src/drbd/status/node_report.ts'
import type { Generation, Metadata, Said } from '../../../../src/drbd/status/generation.ts'

export const said = (stdout: string, exitCode = 0, stderr = ''): Said => ({ stdout, exitCode, stderr })

const NONE = '0000000000000000'
const idsOf = (metadata: Metadata): Generation =>
  metadata.kind === 'data' ? metadata.generation : { current: '0000000000000004', bitmap: [], history: [] }

/** What `drbdadm get-gi` prints: a line for each peer, which tells two of the history. */
export function tuple(metadata: Metadata, format: 'v08' | 'v09'): string {
  const { current, bitmap, history, wasPrimary } = idsOf(metadata)
  const lines = bitmap.length === 0 ? [NONE] : bitmap
  const flags = `1:1:${wasPrimary ? 1 : 0}:0:${format === 'v08' ? '0:0:0' : '1:0:1:0:0:0:0'}`
  const past =
    history.length === 0
      ? [NONE, NONE]
      : history.flatMap((id) => [id, NONE]).slice(0, Math.max(2, history.length * 2))
  return lines
    .flatMap((id) =>
      past.flatMap((one, index) =>
        index % 2 === 0 ? [`${current}:${id}:${one}:${past[index + 1]}:${flags}\n`] : [],
      ),
    )
    .join('')
}

/** What `drbdmeta … dump-md` prints. */
export function dumpMd(metadata: Metadata, format: 'v08' | 'v09'): Said {
  if (metadata.kind === 'none') return said('', 1, 'No valid meta data found\n')
  const { current, bitmap, history, wasPrimary } = idsOf(metadata)
  const flags = `flags 0x000000${wasPrimary ? '82' : '80'};`
  if (format === 'v08') {
    const ids = [current, bitmap[0] ?? NONE, ...history, NONE, NONE].map((id) => `0x${id};`)
    return said(`version "v08";\n\nuuid {\n    ${ids.join(' ')}\n    ${flags}\n}\n`)
  }
  const peers = (bitmap.length === 0 ? [NONE] : bitmap).map(
    (id, index) => `peer[${index}] {\n    bitmap-uuid 0x${id};\n    flags 0x00000000;\n}`,
  )
  const nodeId = metadata.kind === 'data' ? metadata.nodeId : -1
  return said(
    `version "v09";\n\nmax-peers 1;\nnode-id ${nodeId};\ncurrent-uuid 0x${current};\n${flags}\n` +
      `${peers.join('\n')}\nhistory-uuids {\n    ${(history.length === 0 ? [NONE] : history).map((id) => `0x${id};`).join(' ')}\n}\n`,
  )
}

/** What `drbdsetup status --json` prints; a peer that the node has no name for is none. */
export function statusJson(
  { resource }: DrbdNodeReport,
  nameOf: (peer: string) => string | undefined,
): string {
  if (resource === undefined) return '[]'
  return JSON.stringify([
    {
      name: resource.name,
      role: resource.role,
      devices: resource.volumes.map(({ volume, minor, disk }) => ({
        volume,
        minor,
        'disk-state': disk,
        quorum: true,
      })),
      connections: resource.connections
        .filter(({ peer }) => nameOf(peer) !== undefined)
        .map(({ peer, state, peerRole, volumes }) => ({
          name: nameOf(peer),
          'connection-state': state,
          'peer-role': peerRole,
          peer_devices: volumes.map(({ volume, replication, peerDisk }) => ({
            volume,
            'replication-state': replication,
            'peer-disk-state': peerDisk,
          })),
        })),
    },
  ])
}

/** /proc/drbd of 8.4, for a pair. */
export function procDrbd({ module, resource }: DrbdNodeReport): string {
  const head = `version: ${module} (api:1/proto:86-101)\n`
  const [peer] = resource?.connections ?? []
  if (resource === undefined || peer === undefined) return head
  const [own, theirs] = [resource.volumes[0]!.disk, peer.volumes[0]!.peerDisk]
  const state = peer.state === 'Connecting' ? 'WFConnection' : peer.state
  return `${head} 0: cs:${state} ro:${resource.role}/${peer.peerRole} ds:${own}/${theirs} C r-----\n    ns:0 nr:0 oos:0\n`
}
