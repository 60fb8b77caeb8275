import { defineRole } from 'bringup'
import { uncuttable } from './act.ts'
import { wellPair } from './begin.ts'
import { drill } from './drill.ts'
import { drillTargets } from './targets.ts'
import { drillApacheVars } from './vars.ts'

export default defineRole({
  summary:
    'Apache fails, moves, stops and comes back as Pacemaker counts its failures; lost requests are told',
  vars: drillApacheVars,

  async run(context) {
    const { nodes, check } = context
    const cluster = nodes.in('cluster')
    const via = cluster.first
    const targets = drillTargets(via.vars)
    const start = await wellPair(cluster, targets)
    if (check) return
    const why = uncuttable(targets.ping, via.facts.kernel.release)
    if (why !== null) via.skip('ping host cut off', why)
    await drill(context, targets, { start, ping: why === null })
  },
})
