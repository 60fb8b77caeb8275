import type { Node } from 'bringup'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { drbdAdjust } from '../../src/operations/drbd_adjust.ts'

/** Before a file is replaced: one that a live resource cannot follow would be in force at the next boot. */
export async function itsChanges<V>(
  node: Node<V>,
  resource: string,
  resources: DrbdResource[],
): Promise<void> {
  await node.require(
    `${resource} takes its changes as it runs`,
    async (context) => {
      const now = await drbdAdjust.read(context, { resource, resources })
      // A configuration that drbdadm does not take is told by the next task, with what it contradicts.
      if (now.isUp && now.dryRun?.exitCode === 0) drbdAdjust.plan(now, { resource, resources })
      return true
    },
    '',
  )
}
