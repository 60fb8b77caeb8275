import { defineRole } from 'bringup'
import { lookForReboot } from '../../src/operations/reboot_needed.ts'
import { inService } from '../base_update/in_service.ts'
import { nodeRebootVars } from './vars.ts'

export default defineRole({
  summary: 'The newest kernel and libraries run: a node that needs it was rebooted',
  vars: nodeRebootVars,

  async run({ nodes, warn }) {
    // Hosts that only build are somebody's own.
    const targets = nodes.where((node) => !node.groups.includes('builders'))
    await targets.each(async (node) => {
      const busy = await inService(node.$.read, node.name)
      if (busy !== null) return node.skip('reboot', busy)
      if (node.vars.reboot) return void (await node.reboot({}))
      const { reasons } = await lookForReboot(node.$.read)
      if (reasons.length > 0)
        warn(
          `${node.name} should be rebooted: ${reasons.join('; ')}. Set reboot: true and run again, or reboot it yourself before going on.`,
        )
    })
  },
})
