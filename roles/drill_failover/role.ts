import { defineRole } from 'bringup'
import { activeNode, drill } from './drill.ts'
import { drillTargets } from './targets.ts'
import { drillVars } from './vars.ts'

export default defineRole({
  summary:
    'What was written before a node failed is there on the other one; how long it was away was measured',
  vars: drillVars,

  async run(context) {
    const { address, directory, ids } = drillTargets(context.nodes.in('cluster').first.vars)
    await drill(context, {
      address,
      ids,
      trial: { what: 'file system', shell: ['sh'], folder: `${directory}/.bringup-drill` },
      async begin(cluster) {
        const place = await activeNode(cluster, cluster.first, ids)
        await place.require(
          `${directory} is mounted where ${ids[0]} is`,
          async ({ $ }) => {
            const { exitCode } = await $.read({ nothrow: true })`mountpoint -q ${directory}`
            return exitCode === 0 || `it is not, on ${place.name}`
          },
          'Put file system and address into one group, so that they are on one node.',
        )
        return place
      },
    })
  },
})
