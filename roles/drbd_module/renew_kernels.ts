import type { Nodes, RoleContext } from 'bringup'
import { builderFor, headersOf } from './build_for.ts'
import { dueKernels, kernelPackage } from './decide.ts'
import type { Looked, ModuleWanted } from './decide.ts'
import { canHaveHeaders } from './headers.ts'
import type { DrbdModuleVars } from './vars.ts'

/** Updates and reboots, one after the other, the nodes that run a kernel that can not be built for any more. */
export async function renewKernels(
  context: RoleContext<DrbdModuleVars>,
  targets: Nodes<DrbdModuleVars>,
  looked: readonly Looked[],
  wanted: ModuleWanted,
): Promise<void> {
  await targets.inTurn(async (node) => {
    const found = looked.filter((one) => one.node === node.name)
    const { running, devices } = found[0]!.modules
    if (!dueKernels(found, wanted).includes(running)) return
    const headers = headersOf(node, running)
    if (await canHaveHeaders(builderFor(context, targets, running), headers)) return
    await node.require(
      'no DRBD in use before the reboot',
      async () => devices.length === 0 || devices.join(', '),
      'Take DRBD out of use on this node: drbdadm down all.',
    )
    const update = kernelPackage(running, headers.package)
    if (update !== null) await node.package({ names: [update], state: 'latest' })
    await node.reboot({})
  })
}
