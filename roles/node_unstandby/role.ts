import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import { atRest } from '../../src/cluster/at_rest.ts'
import { notReturned } from '../../src/cluster/planned/has_returned.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { standbyStart } from '../../src/cluster/rejoin/standby_start.ts'
import { notInSync } from '../../src/operations/drbd_in_step.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import { statusOf } from '../drill_failover/health.ts'
import { cleanUp } from './clean_up.ts'
import { nodeUnstandbyVars } from './vars.ts'
import type { NodeUnstandbyVars } from './vars.ts'

type Member = Node<NodeUnstandbyVars>

export default defineRole({
  summary: 'The node takes part again: its data are in step, and it may run everything',
  peers: true,
  vars: nodeUnstandbyVars,

  async run({ nodes, peers, vars, check, warn }) {
    const own = vars.drbd_resources
    await nodes.inTurn(async (node) => {
      const via = peers.size > 0 ? peers.first : node
      const resources = own.filter((one) => one.nodes.some(({ name }) => name === node.name))
      const ready = await whatIsMissing(node, via, resources)
      if (check && ready.length > 0) return node.skip('off standby', `once it is ready: ${ready.join('; ')}`)
      await node.require(
        'it is online, and its data are in step',
        async () => ready.length === 0 || ready.join('\n'),
        `A node that is down, or whose DRBD is, comes back with playbooks/rebuild-node.yml --limit ${node.name}; a sync goes on where it was: bringup status --watch tells how far it is.`,
      )
      await node.dropin({ ...standbyStart, sections: undefined, state: 'absent' })
      await offStandby(node, via)
      if (!check) await settle(node, via, vars.node_move_timeout, false)
      await cleanUp({ node, via, resources, warn })
      if (!check) await settle(node, via, vars.node_move_timeout, true)
    })
  },
})

/** What keeps a node from taking part, in words. */
async function whatIsMissing(
  node: Member,
  via: Member,
  resources: readonly DrbdResource[],
): Promise<string[]> {
  const [unsynced, monitor] = await Promise.all([
    notInSync(node.$.read, resources),
    via.$.read({ nothrow: true })`sh -c ${CRM_MON}`,
  ])
  if (monitor.exitCode !== 0) return [`the cluster does not answer on ${via.name}`, ...unsynced]
  const { nodes, quorate } = parseCrmMon(monitor.stdout)
  const self = nodes.find(({ name }) => name === node.name)
  return [
    ...(quorate ? [] : ['the cluster has no quorum']),
    ...(self?.online && !self.pending ? [] : [`${node.name} is not online in the cluster`]),
    ...unsynced,
  ]
}

async function offStandby(node: Member, via: Member): Promise<void> {
  const { name } = node
  await via.task(`${name} off standby`, {
    met: async () => {
      const held = (await statusOf(via)).nodes.some((one) => one.name === name && one.standby)
      return !held || 'it may run resources again'
    },
    // The one of pcs, and the one that only lasts until the node's next start.
    apply: async ({ $ }) => {
      await $`crm_attribute --node ${name} --name standby --delete`
      await $`crm_attribute --node ${name} --name standby --lifetime reboot --delete`
    },
    // This one is kept by a daemon of its own, which tells the others.
    within: 60,
  })
}

/** @param isClean whether also nothing may be in a failed state there, as once its failures have been cleaned up */
async function settle(node: Member, via: Member, timeout: number, isClean: boolean): Promise<void> {
  await via.wait_for({
    condition: async ({ $ }) => {
      if (!(await atRest($.read))) return 'the cluster still has something to do'
      const left = isClean ? notReturned(await statusOf(via), node.name) : []
      return left.length === 0 || left.join('; ')
    },
    description: `the cluster settled, with ${node.name}`,
    timeout,
  })
}
