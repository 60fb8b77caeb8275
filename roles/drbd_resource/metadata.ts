import { bitmapSlots, diskOf } from '../../src/drbd/resource_nodes.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import type { drbd_metadata } from '../../src/operations/drbd_metadata.ts'
import type { z } from 'bringup'

export type MetadataWanted = z.input<(typeof drbd_metadata)['params']>

/** The metadata that one node has of a resource: one for each volume, none where it is diskless. */
export function metadataOf(resource: DrbdResource, node: string): MetadataWanted[] {
  const own = resource.nodes.find(({ name }) => name === node)
  if (own === undefined) return []
  return resource.volumes.flatMap(({ volume, minor, disks }) => {
    const device = diskOf({ disks }, node)
    if (device === undefined) return []
    return [
      {
        resource: resource.name,
        volume,
        minor,
        device,
        driver: resource.driver,
        node_id: own.node_id,
        max_peers: bitmapSlots(resource),
      },
    ]
  })
}
