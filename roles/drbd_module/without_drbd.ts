import type { Node } from 'bringup'

/** A cluster that shares no disk. */
export async function withoutDrbd(node: Pick<Node, 'skip'>): Promise<void> {
  node.skip('DRBD', 'the inventory has no drbd_resources')
}
