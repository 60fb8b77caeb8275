import { defineRole } from 'bringup'
import type { Node, Nodes } from 'bringup'
import { atRest } from '../../src/cluster/at_rest.ts'
import { notLeft } from '../../src/cluster/planned/has_left.ts'
import { forbidsLeaving } from '../../src/cluster/planned/may_leave.ts'
import { servicesOn } from '../../src/cluster/planned/services.ts'
import { daemonsUp } from '../../src/cluster/units_up.ts'
import { notInSync, primaryHere } from '../../src/operations/drbd_in_step.ts'
import { actionText } from '../../src/pacemaker/crm_simulate.ts'
import type { LeftBehind } from '../../src/pacemaker/left_behind.ts'
import { statusOf } from '../drill_failover/health.ts'
import { lookAhead } from './look.ts'
import { updatesOf } from './updates.ts'
import { nodeStandbyVars } from './vars.ts'
import type { NodeStandbyVars } from './vars.ts'

type Member = Node<NodeStandbyVars>

export default defineRole({
  summary: 'The node runs nothing, and what it ran runs on another',
  peers: true,
  vars: nodeStandbyVars,

  async run({ nodes, peers, vars, check }) {
    await oneNode(nodes, peers)
    const node = nodes.first
    const via = await asked(nodes, peers)
    if (vars.node_standby_for === 'updates') {
      const updates = await updatesOf(node)
      if (updates.length === 0) return node.skip(`${node.name} on standby`, 'there is nothing to update')
      node.note(`to do: ${updates.join('; ')}`)
    }
    const { status, actions, constraints, quorum } = await lookAhead(via, node.name)
    const services = servicesOn(status, node.name)
    const unsynced = (await Promise.all([...nodes, ...peers].map(drbdOf))).flat()
    const forbidden = forbidsLeaving({ node: node.name, status, actions, unsynced, quorum })
    await node.require(
      `another node can take over what ${node.name} runs`,
      async () => forbidden.length === 0 || forbidden.join('\n'),
      'Bring that into order first (bringup status tells how it is), and run this again: nothing was moved.',
    )
    if (check) for (const action of actions) node.note(actionText(action))
    await via.task(`${node.name} on standby`, {
      met: async () => {
        const { nodes: seen } = await statusOf(via)
        if (seen.some((one) => one.name === node.name && one.standby)) return true
        return services.length === 0 ? 'it is to run nothing' : `${services.join(', ')} to move away`
      },
      apply: ({ $ }) => $`crm_attribute --node ${node.name} --name standby --update on`,
    })
    if (check) return
    await via.wait_for({
      condition: async ({ $ }) => {
        const isAtRest = await atRest($.read)
        const left = notLeft(await statusOf(via), node.name, services)
        if (left.length > 0) return left.join('; ')
        return isAtRest || 'the cluster still has something to do'
      },
      description: `nothing runs on ${node.name}`,
      timeout: vars.node_move_timeout,
    })
    await nothingStays(node, via, constraints)
  },
})

async function oneNode(nodes: Nodes<NodeStandbyVars>, peers: Nodes<NodeStandbyVars>): Promise<void> {
  const { first, names } = nodes
  await first.require(
    'one node goes, and others stay',
    async () => (names.length === 1 && peers.size > 0) || `the run is about ${names.join(' and ')}`,
    `Name the one: --limit ${first.name}`,
  )
}

/** Another node that the cluster runs on, to be asked and told; itself, where there is none. */
async function asked(nodes: Nodes<NodeStandbyVars>, peers: Nodes<NodeStandbyVars>): Promise<Member> {
  const running = await peers.map(async (peer) =>
    (await daemonsUp(peer.$.read)).includes('pacemaker') ? [peer] : [],
  )
  return running.flat()[0] ?? nodes.first
}

/** What of DRBD is in the way of a handover, as one node sees it. */
async function drbdOf(node: Member): Promise<string[]> {
  return (await notInSync(node.$.read)).map((text) => `${node.name}: ${text}`)
}

/** Nobody holds its disks any more, and moving has left no constraint that would outlast it. */
async function nothingStays(node: Member, via: Member, before: readonly LeftBehind[]): Promise<void> {
  await node.require(
    'none of its disks is in use',
    async ({ $ }) => {
      const held = await primaryHere($.read)
      return held.length === 0 || `${held.join(', ')} is still Primary`
    },
    'Something besides Pacemaker has it open: fuser -vm, lsblk and dmsetup on the node tell what.',
  )
  const { constraints } = await lookAhead(via, node.name)
  const added = constraints.filter(({ id, kind }) => kind !== 'fence' && !before.some((one) => one.id === id))
  await via.require(
    'no constraint stays behind',
    async () => added.length === 0 || added.map(({ id }) => id).join(', '),
    'Somebody moved a resource meanwhile: crm_resource --clear --resource NAME, where that is over.',
  )
}
