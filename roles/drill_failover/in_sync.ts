import type { Tag } from 'bringup'
import { resourceStates } from '../../src/drbd/status/kernel_state.ts'
import type { PeerVolume, ResourceState } from '../../src/drbd/status/node_report.ts'
import { drbdAnswers } from '../../src/operations/drbd_answers.ts'

/** What is not in sync on this node's DRBD, in words; empty where all is, or where there is no DRBD. */
export async function notInSync(read: Tag): Promise<string[]> {
  return unsynced(resourceStates(await drbdAnswers(read)))
}

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
