import type { PeerVolume, ResourceState } from './status/node_report.ts'

/** What is not in sync in the eyes of a node, of the resources that it has up, in words; empty where all is. */
export function unsynced(resources: readonly ResourceState[]): string[] {
  return resources.flatMap(({ name, volumes, connections }) => [
    ...volumes.filter((one) => !isWhole(one.disk, one.client)).map(({ disk }) => `${name}: ${disk}`),
    ...connections.flatMap(({ peer, state, volumes: peers }) =>
      state !== 'Connected'
        ? [`${name}: ${state} to ${peer}`]
        : peers
            .filter(
              (one) =>
                !isCopied(one) &&
                (one.replication !== 'Established' || !isWhole(one.peerDisk, one.peerClient)),
            )
            .map(({ replication, peerDisk }) => `${name}: ${replication}, ${peerDisk} on ${peer}`),
    ),
  ])
}

const isWhole = (disk: string, isClient = false): boolean =>
  disk === 'UpToDate' || (disk === 'Diskless' && isClient)

/** What a source of 8.4 may stay at, where it missed the end of a sync. Whether it is the end, its target says. */
const isCopied = ({ replication, outOfSync }: PeerVolume): boolean =>
  replication === 'SyncSource' && outOfSync === 0
