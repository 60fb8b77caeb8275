import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { daemonsUp } from '../../src/cluster/units_up.ts'
import { updatesDue } from '../../src/operations/upgrade.ts'
import { inService } from './in_service.ts'
import { baseUpdateVars } from './vars.ts'
import type { BaseUpdateVars } from './vars.ts'

const UPDATE = 'update of all packages'

export default defineRole({
  summary: 'All packages are as new as in the package sources',
  vars: baseUpdateVars,

  async run({ nodes }) {
    // Hosts that only build are somebody's own.
    const targets = nodes.where((node) => !node.groups.includes('builders'))
    await targets.each(async (node) => {
      if (!node.vars.base_update) return node.skip(UPDATE, 'base_update is false')
      const busy = await inService(node.$.read, node.name)
      if (busy !== null) return node.skip(UPDATE, busy)
      await stopCluster(node)
      await node.upgrade({})
    })
  },
})

/** A member in standby is stopped before its programs are replaced: the old daemons would meet the new ones' files. */
async function stopCluster(node: Node<BaseUpdateVars>): Promise<void> {
  if ((await daemonsUp(node.$.read)).length === 0) return
  await node.task('the cluster stopped here, for new packages', {
    met: async (context) => {
      const [daemons, due] = [await daemonsUp(context.$.read), await updatesDue(context)]
      return daemons.length === 0 || due.length === 0 || `stop ${daemons.join(' and ')}`
    },
    apply: ({ $ }) => $`systemctl stop pacemaker corosync`,
  })
}
