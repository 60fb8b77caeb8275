import type { Nodes } from 'bringup'
import { load } from './load.ts'
import { modulesOn } from './look.ts'
import type { DrbdModuleVars } from './vars.ts'

/** The DRBD that the kernel brings: nothing is built. */
export async function inTree(targets: Nodes<DrbdModuleVars>): Promise<void> {
  await targets.each(async (node) => {
    await node.require(
      "the kernel's own DRBD",
      async () => {
        const { kernels, running } = await modulesOn(node, ['drbd'])
        const place = kernels.find(({ release }) => release === running)?.place
        if (place == null) return `none in /lib/modules/${running}`
        return place.startsWith(`/lib/modules/${running}/kernel/`) || `${place} comes before it`
      },
      'Install a kernel that brings it (Debian, Ubuntu and SUSE do), remove what comes before it and run depmod, or name a version of DRBD in drbd_version.',
    )
    await load(node, ['drbd'])
  })
}
