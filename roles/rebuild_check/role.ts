import { defineRole } from 'bringup'
import { findPlan } from '../cluster_rejoin/find_plan.ts'
import { compareConfig } from '../drbd_rejoin/compare.ts'
import { decide, told } from '../drbd_rejoin/decision.ts'
import { partiesOf } from '../drbd_rejoin/parties.ts'
import { inspectDisks } from './disks.ts'
import { tell } from './tell.ts'
import { rebuildCheckVars } from './vars.ts'
import { requireVersion } from './version.ts'

export default defineRole({
  summary: 'What a node has lost is known, and that the others can bring it back; nothing is changed',
  peers: true,
  vars: rebuildCheckVars,

  async inspect({ nodes }) {
    await nodes.each(inspectDisks)
  },

  async run({ nodes, peers, vars }) {
    const found = await findPlan(nodes, peers, vars)
    const all = partiesOf(nodes, peers, vars.drbd_resources)
    if (all.length > 0) await requireVersion(peers, vars.drbd_version)
    // As in check mode: DRBD may not be there yet.
    const coming = await Promise.all(
      all.map(async (parties) => {
        const same = await compareConfig(parties)
        const decision = await decide(parties, true)
        return {
          decision,
          lines: [...(same.kind === 'moved' ? same.changes : []), ...told(parties, decision)],
        }
      }),
    )
    for (const line of tell(nodes.first.name, found, coming)) nodes.first.note(line)
  },
})
