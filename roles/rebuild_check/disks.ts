import type { InspectedNode } from 'bringup'
import { metadataOf } from '../drbd_resource/metadata.ts'
import type { RebuildCheckVars } from './vars.ts'

/** What DRBD wrote is read with its own program, which a machine that was reinstalled gets later; so it is looked at then. */
const OF_DRBD = `command -v drbdmeta >/dev/null || [ "$(blkid -p -s TYPE -o value -- "$1")" != drbd ]`

/** Looks at the disks that are to be written to, as far as it can be told by now what is on them. */
export async function inspectDisks(node: InspectedNode<RebuildCheckVars>): Promise<void> {
  for (const want of node.vars.drbd_resources.flatMap((resource) => metadataOf(resource, node.name))) {
    const { exitCode } = await node.$.read({ nothrow: true })`sh -c ${OF_DRBD} sh ${want.device}`
    if (exitCode === 0) await node.drbd_metadata(want)
  }
}
