import { defineRole, z } from 'bringup'
import type { Node, RoleContext } from 'bringup'
import { lookForReboot } from '../../src/operations/reboot_needed.ts'
import { reboot } from '../drbd_module/vars.ts'
import { inService } from './in_service.ts'

const vars = z.strictObject({
  base_update: z
    .boolean()
    .default(true)
    .describe('Whether all packages are brought to what the package sources have.'),
  reboot,
})

type Vars = z.output<typeof vars>

const UPDATE = 'update of all packages'

export default defineRole({
  summary: 'All packages are as new as in the package sources, and the newest kernel runs',
  vars,

  async run(context) {
    // Hosts that only build are somebody's own.
    const targets = context.nodes.where((node) => !node.groups.includes('builders'))
    await targets.each(async (node) => {
      if (!node.vars.base_update) return node.skip(UPDATE, 'base_update is false')
      const busy = inService(node.facts)
      if (busy !== null) return node.skip(UPDATE, busy)
      await node.upgrade({})
      if (node.vars.reboot) await node.reboot({})
      else await warnOfReboot(context, node)
    })
  },
})

async function warnOfReboot({ warn }: RoleContext<Vars>, node: Node<Vars>): Promise<void> {
  const { reasons } = await lookForReboot(node.$.read)
  if (reasons.length > 0)
    warn(
      `${node.name} should be rebooted: ${reasons.join('; ')}. Set reboot: true and run again, or reboot it yourself before going on.`,
    )
}
