import type { Node } from 'bringup'
import { VZ } from '../../src/evacuation/vz_disk.ts'

/** No boot mounts /vz any more; its line in fstab stays as a comment. */
export async function leaveFstab(node: Node): Promise<void> {
  await node.fstab({ mountpoint: VZ, state: 'commented', create: true })
  // Of the line that was there systemd has made a unit, which would mount it again.
  await node.daemon_reload({})
}

/** /vz unmounted; what holds it is named. */
export const leaveVz = (node: Node): Promise<unknown> =>
  node.mount({ mountpoint: VZ, state: 'unmounted', boot: false })
