import type { Node } from 'bringup'
import { atRest } from '../../src/cluster/at_rest.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import { servicesOn } from '../../src/cluster/planned/services.ts'
import type { ClusterRejoinVars } from './vars.ts'

/**
 * A member whose data are not in step is put in standby, so that Pacemaker keeps its hands off DRBD there until they are.
 * One that the cluster works with is not touched.
 * @param ills what is not in step, in words
 * @throws BringupError REFUSED where something runs there that would have to move
 */
export async function hold(
  node: Node<ClusterRejoinVars>,
  ills: readonly string[],
  check: boolean,
): Promise<void> {
  if (ills.length === 0) return
  const { stdout } = await node.$.read`sh -c ${CRM_MON}`
  const status = parseCrmMon(stdout)
  const runs = servicesOn(status, node.name)
  await node.require(
    `nothing runs on ${node.name} that would have to move`,
    async () => runs.length === 0 || `${runs.join(', ')} runs there (${ills.join('; ')})`,
    `Is it the right node? It works. To take it out all the same, evacuate it first: playbooks/evacuate-node.yml --limit ${node.name}`,
  )
  await node.task(`${node.name} on standby`, {
    met: async ({ $ }) => {
      const now = parseCrmMon((await $.read`sh -c ${CRM_MON}`).stdout)
      return now.nodes.some(({ name, standby }) => name === node.name && standby) || ills.join('; ')
    },
    apply: ({ $ }) => $`crm_attribute --node ${node.name} --name standby --update on`,
  })
  if (check) return
  // What it has begun with DRBD there, as a start that finds no metadata, it ends first.
  await node.wait_for({
    condition: async ({ $ }) => (await atRest($.read)) || 'the cluster still has something to do',
    description: `the cluster at rest, without ${node.name}`,
    timeout: node.vars.cluster_start_timeout,
  })
}
