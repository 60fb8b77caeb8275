import { isDeepStrictEqual } from 'node:util'
import type { CorosyncNode } from '../../pacemaker/corosync/cluster.ts'
import type { ClusterNode, ClusterWanted } from '../../pacemaker/corosync/cluster_schema.ts'
import { hasAddresses } from '../../pacemaker/corosync/compare.ts'
import type { HostView } from './host_view.ts'
import { listedMember } from './listed_member.ts'
import { refuse } from './refusal.ts'
import type { Refusal } from './refusal.ts'
import { survivorsAgree } from './survivors_agree.ts'
import type { SurvivingCluster } from './survivors_agree.ts'

export interface MembershipQuestion {
  /** As the inventory has it: all nodes, the one that is rebuilt among them. */
  readonly wanted: Pick<ClusterWanted, 'cluster_name' | 'nodes'>
  /** The machine that is to be the node. */
  readonly target: HostView
  /** All other nodes. */
  readonly survivors: readonly HostView[]
}

/** How a machine becomes a member of the cluster again. */
export type MembershipPlan =
  /** It is one. */
  | { readonly do: 'nothing' }
  /** It has the cluster's file and key; only its daemons do not run, or are about to join. */
  | { readonly do: 'start' }
  /** The cluster lists it as it is wanted: it gets file and keys from this survivor, for whom nothing changes. */
  | { readonly do: 'keep'; readonly from: string }
  /** Its name or addresses are others: the old one is taken out of the cluster, and it is added as a new one. */
  | {
      readonly do: 'replace'
      readonly via: string
      /** Null where it is out already, as when a run died between the two. */
      readonly remove: string | null
      readonly add: ClusterNode
    }
  | Refusal

/**
 * What has to be done so that a machine is a member of the survivors' cluster, from what all of them say. Survivors that
 * do not agree, a machine that may be working for somebody else, and an inventory that is not this cluster's are refused.
 */
export function membershipPlan(question: MembershipQuestion): MembershipPlan {
  const { wanted, target, survivors } = question
  const cluster = survivorsAgree(wanted, survivors)
  if ('do' in cluster) return cluster
  const found = listedMember(question, cluster.conf)
  if ('do' in found) return found
  const { own, member } = found
  const seenBy = survivors.find(({ status }) => member !== null && isOnline(status, member.name))
  if (member !== null && seenBy !== undefined) return online(question, own, member, seenBy.host)
  return offline(target, survivors, { cluster, own, member })
}

/** The member whose place the machine takes, of which nothing may run any more; null where it takes nobody's. */
export function replacedMember(
  plan: MembershipPlan,
  target: string,
  survivors: readonly Pick<HostView, 'status'>[],
): string | null {
  if (plan.do === 'replace') return plan.remove
  if (plan.do !== 'keep' && plan.do !== 'start') return null
  // Listed by a run that died before it ever joined: there is no old one of that name.
  const isKnown = survivors.some(({ status }) => status?.nodes.some(({ name }) => name === target))
  return isKnown ? target : null
}

const isOnline = (status: HostView['status'], name: string): boolean =>
  status?.nodes.some((node) => node.name === name && node.online) ?? false

function online(
  { target, survivors }: MembershipQuestion,
  own: ClusterNode,
  member: CorosyncNode,
  by: string,
): MembershipPlan {
  if (member.name !== target.host)
    return refuse(
      `${member.name}, whose place ${target.host} would take, is online for ${by}`,
      `A node is renamed or replaced once it is out: stop it there (pcs cluster stop ${member.name}), or correct the inventory.`,
    )
  const sees = survivors.some(({ host }) => isOnline(target.status, host))
  if (target.self !== undefined && target.self !== target.host)
    return refuse(
      `the machine that the inventory has as ${target.host} is ${target.self} in its cluster`,
      'Are hosts of the inventory mixed up? Correct their addresses.',
    )
  if (!target.runs.pacemaker || !sees)
    return refuse(
      `${target.host} is online for ${by}, but not the machine at its address: ${target.runs.pacemaker ? 'its Pacemaker sees none of the others' : 'no Pacemaker runs there'}`,
      `If it has just gone down, run this again in a minute. Else another machine is ${target.host} now: find and stop it first.`,
    )
  if (!hasAddresses(member, own))
    return refuse(
      `${target.host} is online with the addresses ${member.addresses.join(', ')}, and the inventory has ${own.addresses.join(', ')}`,
      `Correct cluster_addresses; or stop it there first (pcs cluster stop ${target.host}), so that it can be added with the new ones.`,
    )
  return { do: 'nothing' }
}

interface Offline {
  readonly cluster: SurvivingCluster
  readonly own: ClusterNode
  readonly member: CorosyncNode | null
}

function offline(
  target: HostView,
  survivors: readonly HostView[],
  { cluster, own, member }: Offline,
): MembershipPlan {
  const { host, runs } = target
  const isListed = member?.name === host && hasAddresses(member, own)
  const isSame =
    isListed && isDeepStrictEqual(target.conf, cluster.conf) && target.authkey === cluster.authkey
  // Its Pacemaker is held in standby, so that it runs nothing, or does not run at all.
  if (isSame && (target.held || !runs.pacemaker)) return { do: 'start' }
  if (runs.corosync || runs.pacemaker) return runsAlone(target)
  const via = survivors[0]?.host ?? ''
  if (isListed) return isSame ? { do: 'start' } : { do: 'keep', from: via }
  return { do: 'replace', via, remove: member?.name ?? null, add: own }
}

function runsAlone({ host, conf, status, runs }: HostView): Refusal {
  const active = (status?.resources ?? []).filter((one) => one.active && one.nodes.includes(host))
  const what = active.length === 0 ? '' : `, and runs ${active.map(({ id }) => id).join(', ')}`
  const daemons = runs.pacemaker ? 'Pacemaker' : 'corosync'
  return refuse(
    `${daemons} runs on ${host}, in the cluster ${conf?.name || '(without a name)'}, while the other nodes do not see it${what}`,
    `Mend the network between them if it is a member that was cut off. If nothing there is needed, stop it: pcs cluster stop --force on ${host}. Then run this again.`,
  )
}
