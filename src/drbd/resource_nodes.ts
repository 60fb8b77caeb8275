import type { DrbdNode, DrbdResource } from './resource_schema.ts'

/** The nodes that hold the data. */
export function diskfulNodes(resource: DrbdResource): DrbdNode[] {
  return resource.nodes.filter((node) => !node.diskless)
}

/** How many bitmaps create-md makes room for: `--max-peers`, at least the other nodes with disks. */
export function bitmapSlots(resource: DrbdResource): number {
  return resource.max_peers ?? diskfulNodes(resource).length - 1
}

/** The disk of a node below a volume; undefined for a diskless one. */
export function diskOf(
  { disks }: Pick<DrbdResource['volumes'][number], 'disks'>,
  node: string,
): string | undefined {
  // A host may be called "constructor".
  return Object.hasOwn(disks, node) ? disks[node] : undefined
}
