import type { Tag } from 'bringup'
import { parseDrbdsetupStatus } from '../../src/drbd/status/drbdsetup_json.ts'
import { parseProcDrbd } from '../../src/drbd/status/proc_drbd.ts'

// drbdsetup would load the module where there is none; 8.4 has no JSON, and says all in /proc.
const SCRIPT = `
[ -r /proc/drbd ] || exit 0
cat /proc/drbd
if ! grep -q '^version: 8\\.' /proc/drbd; then echo; echo '=== status'; drbdsetup status --json; fi`

/** What is not in sync on this node's DRBD, in words; empty where all is, or where there is no DRBD. */
export async function notInSync(read: Tag): Promise<string[]> {
  return unsynced((await read`sh -c ${SCRIPT}`).stdout)
}

export function unsynced(text: string): string[] {
  const [procText = '', status] = text.split('=== status\n')
  const proc = parseProcDrbd(procText)
  if (proc === undefined) return []
  if (status === undefined)
    return proc.minors
      .filter(({ connection }) => connection !== 'Unconfigured')
      .flatMap(({ minor, connection, disk, peerDisk }) =>
        connection === 'Connected' && disk === 'UpToDate' && peerDisk === 'UpToDate'
          ? []
          : [`drbd${minor}: ${connection}, ${disk}/${peerDisk}`],
      )
  return parseDrbdsetupStatus(status).flatMap(({ name, volumes, connections }) => [
    ...volumes
      .filter(({ disk }) => disk !== 'UpToDate' && disk !== 'Diskless')
      .map(({ disk }) => `${name}: ${disk}`),
    ...connections.flatMap(({ peer, state, volumes: peers }) =>
      state !== 'Connected'
        ? [`${name}: ${state} to ${peer}`]
        : peers
            .filter(
              ({ replication, peerDisk }) => replication !== 'Established' || peerDisk === 'Inconsistent',
            )
            .map(({ replication, peerDisk }) => `${name}: ${replication}, ${peerDisk} on ${peer}`),
    ),
  ])
}
