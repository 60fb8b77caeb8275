import type { DrbdResource } from './resource_schema.ts'
import type { DrbdNodeReport } from './status/node_report.ts'

/** One disk of a resource that is not UpToDate yet. */
export interface Behind {
  /** `server2`, or `server2 volume 1` where there are several. */
  readonly name: string
  readonly disk: string
  /** KiB that are still to come; undefined when nobody tells. */
  readonly outOfSync: number | undefined
  /** KiB in all, as far as the node tells. */
  readonly size: number | undefined
}

/** The disks that have not all data yet, as the nodes themselves say; empty when all are UpToDate. */
export function behind(resource: DrbdResource, reports: readonly DrbdNodeReport[]): Behind[] {
  return resource.nodes
    .filter(({ diskless }) => !diskless)
    .flatMap(({ name }) => {
      const state = reports.find(({ node }) => node === name)?.resource
      return resource.volumes.flatMap(({ volume }): Behind[] => {
        const own = state?.volumes.find((one) => one.volume === volume)
        if (own?.disk === 'UpToDate') return []
        const peers = (state?.connections ?? [])
          .flatMap(({ volumes }) => volumes)
          .filter((one) => one.volume === volume && one.outOfSync !== undefined)
        // From whom it comes says how much is left; towards the others the same blocks are counted once more.
        const from =
          peers.find(({ replication }) => /SyncTarget|WFSync|WFBitMapT/.test(replication)) ?? peers[0]
        return [
          {
            name: resource.volumes.length === 1 ? name : `${name} volume ${volume}`,
            disk: own?.disk ?? 'not up',
            outOfSync: from?.outOfSync,
            size: own?.size ?? whole(from),
          },
        ]
      })
    })
}

/** 8.4 does not tell the size: what is left, and how much of it is done, do. */
function whole(
  peer: { readonly outOfSync: number | undefined; readonly percentInSync: number | undefined } | undefined,
): number | undefined {
  const { outOfSync, percentInSync = 0 } = peer ?? {}
  return outOfSync === undefined || percentInSync >= 100
    ? undefined
    : Math.round(outOfSync / (1 - percentInSync / 100))
}
