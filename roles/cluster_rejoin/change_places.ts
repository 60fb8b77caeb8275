import type { Node, Nodes } from 'bringup'
import type { MembershipPlan } from '../../src/cluster/rejoin/membership.ts'
import { hasAddresses } from '../../src/pacemaker/corosync/compare.ts'
import type { PcsDialect } from '../../src/pacemaker/pcs/dialect.ts'
import { foundOn } from '../pcs_cluster/live.ts'
import { introduce, runPcs, stopPcsd } from '../pcs_cluster/pcs.ts'
import type { ClusterRejoinVars } from './vars.ts'

type Member = Node<ClusterRejoinVars>

interface Change {
  /** The new one. */
  readonly node: Member
  readonly plan: Extract<MembershipPlan, { do: 'replace' }>
  /** A survivor, whose pcs does it. */
  readonly via: Member
  readonly peers: Nodes<ClusterRejoinVars>
  readonly pcs: PcsDialect
}

/** Takes the dead node out of the cluster, by a survivor, whose corosync reloads its file and goes on. */
export async function takeOut({ node, plan, via, pcs }: Change): Promise<void> {
  const { remove, add } = plan
  if (remove === null) return
  // At the address of the dead one it would be asked in its name, and not know the asker: then pcs gives up, also by force.
  await stopPcsd(node)
  await via.task(`${remove} out of the cluster`, {
    met: async () => {
      // One of the same name is in again at the end: what is out of date are its addresses.
      const listed = (await foundOn(via)).cluster?.nodes.find(({ name }) => name === remove)
      const isOut = listed === undefined || (remove === add.name && hasAddresses(listed, add))
      return isOut || `${remove} is removed as a dead node`
    },
    apply: () => runPcs(via, pcs.nodeRemove(remove, { dead: true })),
  })
}

/** Puts the new node in, by a survivor whose pcs gets to know it. */
export async function putIn({ plan, via, peers, pcs }: Change): Promise<void> {
  const { add } = plan
  const [address] = add.addresses
  if (address !== undefined)
    await peers.each((peer) => peer.hosts_entries({ entries: [{ address, names: [add.name] }] }))
  await introduce(via, [add], pcs)
  await via.task(`${add.name} in the cluster`, {
    met: async () =>
      (await foundOn(via)).cluster?.nodes.some(({ name }) => name === add.name) === true ||
      `add ${add.name} (${add.addresses.join(', ')})`,
    apply: () => runPcs(via, pcs.nodeAdd(add, { enable: true })),
  })
}
