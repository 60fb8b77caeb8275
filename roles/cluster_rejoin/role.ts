import { defineRole } from 'bringup'
import { notInSync } from '../../src/operations/drbd_in_step.ts'
import { introduce, pcsOn, startPcsd } from '../pcs_cluster/pcs.ts'
import { putIn, takeOut } from './change_places.ts'
import { clearStale } from './clear_stale.ts'
import { findPlan } from './find_plan.ts'
import { takeFiles } from './files.ts'
import { hold } from './hold.ts'
import { inWords } from './in_words.ts'
import { join } from './join.ts'
import { forgetOthers, reload, writeRenamed } from './rename.ts'
import { clusterRejoinVars } from './vars.ts'
import type { ClusterRejoinVars } from './vars.ts'

export default defineRole({
  summary: 'The node is a member of its cluster again, in standby until its data are in step',
  peers: true,
  vars: clusterRejoinVars,

  async run({ nodes, peers, vars, check, warn }) {
    const found = await findPlan(nodes, peers, vars)
    const { plan, wanted, report } = found
    const node = nodes.first
    const via = peers.first
    if (plan.do !== 'nothing') for (const line of inWords(found, node.name)) node.note(line)
    const pcs = await pcsOn(via, check, warn)
    const isRenamed = plan.do === 'replace' && plan.remove !== null && plan.remove !== node.name
    if (plan.do === 'replace' && !isRenamed) await takeOut({ node, plan, via, peers, pcs })
    // Before pcsd starts, which would have to be started again.
    await clearStale(node, plan, report)
    await startPcsd(node)
    const own = wanted.nodes.filter(({ name }) => name === node.name)
    if (plan.do === 'replace' && plan.remove !== null && isRenamed)
      await writeRenamed(peers, plan.remove, plan.add)
    else if (plan.do === 'replace') await putIn({ node, plan, via, peers, pcs })
    if (plan.do === 'keep' || isRenamed) {
      await reload(via)
      await forgetOthers(via)
      await takeFiles(node, via)
    }
    await introduce(via, own, pcs)
    if (plan.do === 'nothing')
      await hold(node, await notInSync(node.$.read, resourcesOf(vars, node.name)), check)
    else await join(node, { peers, via, check })
    if (!check) await forgetOthers(node)
    await introduce(node, wanted.nodes, pcs)
  },
})

const resourcesOf = ({ drbd_resources: all }: ClusterRejoinVars, name: string) =>
  all.filter(({ nodes }) => nodes.some((node) => node.name === name))
