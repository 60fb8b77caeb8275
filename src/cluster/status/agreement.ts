import type { QuorumStatus } from '../../pacemaker/corosync/status.ts'
import type { Cluster, View } from './clusters.ts'
import type { Finding } from './finding.ts'

/**
 * Whether the hosts tell of one cluster. Two parts that both have a quorum run the same resources: the worst that can
 * happen to a cluster, and the first thing to be said.
 */
export function agreementFindings({ views }: Cluster): Finding[] {
  const leading = views.filter(({ status }) => status.dc !== undefined)
  // A host that knows of no DC while others do is one that has not joined, which is told of its node.
  if (views.length <= 1 || leading.length === 1) return views.slice(0, 1).flatMap(quorumFindings)
  const words = views.map(viewText).join('\n')
  const parts = leading.filter(({ status }) => status.quorate)
  if (parts.length > 1 && isDisjoint(parts)) {
    return [
      {
        severity: 'alarm',
        text: `SPLIT BRAIN: ${parts.length} parts of the cluster have a quorum, and each acts as if the other were dead\n${words}${twiceText(parts)}`,
        next: 'Stop writing to what they share. Power all parts off but one, mend the network between them, then let the others join.',
      },
    ]
  }
  if (leading.length > 1 && isDisjoint(leading)) {
    return [
      {
        severity: 'alarm',
        text: `THE CLUSTER IS SPLIT: its nodes do not see each other\n${words}`,
        next: 'Mend the network between them; the part with quorum goes on meanwhile.',
      },
      ...(parts.length > 0 ? [] : leading.slice(0, 1).flatMap(quorumFindings)),
    ]
  }
  return [
    {
      severity: 'alarm',
      text: `THE HOSTS DISAGREE about the cluster\n${words}`,
      next: 'Ask again in half a minute: this passes where a node is just coming or going. If it stays, look at the links and at journalctl -u corosync.',
    },
    ...leading.slice(0, 1).flatMap(quorumFindings),
  ]
}

/** What runs in more than one part. */
function twiceText(parts: readonly View[]): string {
  const places = Map.groupBy(
    parts.flatMap(({ status }) => status.resources.filter((one) => one.active && one.clone === undefined)),
    (resource) => resource.id,
  )
  const twice = [...places].filter(([, running]) => running.length > 1)
  return twice
    .map(([id, running]) => `\n${id} runs on ${running.flatMap((one) => one.nodes).join(' and ')}`)
    .join('')
}

function isDisjoint(views: readonly View[]): boolean {
  const members = views.flatMap((view) => view.members)
  return new Set(members).size === members.length && new Set(views.map(({ status }) => status.dc)).size > 1
}

function viewText({ hosts, status, members }: View): string {
  const dc = status.dc === undefined ? 'no DC' : `DC ${status.dc}`
  const quorum = status.quorate ? 'with quorum' : 'without quorum'
  return `${hosts.join(', ')}: ${dc}, ${quorum}, sees ${members.join(', ') || 'no node'}`
}

function quorumFindings({ status, quorum }: View): Finding[] {
  const findings: Finding[] = []
  if (!status.quorate && (status.dc !== undefined || quorum?.quorate !== true))
    findings.push(noQuorum(quorum))
  if (status.dc === undefined) {
    findings.push({
      severity: 'alarm',
      text: 'no DC: nobody decides what runs where',
      next: 'Ask again in half a minute: one is elected after a start. If none is, see journalctl -u pacemaker.',
    })
  }
  return findings
}

/** With wait_for_all (votequorum(5)) a cluster that starts has no quorum before every node was there once. */
function noQuorum(quorum: QuorumStatus | undefined): Finding {
  const votes = quorum === undefined ? '' : `: ${quorum.totalVotes} of ${quorum.expectedVotes} votes`
  if (quorum !== undefined && quorum.flags.includes('WaitForAll') && quorum.totalVotes >= quorum.quorum) {
    return {
      severity: 'alarm',
      text: `no quorum${votes}; after a start all nodes have to be there once (wait_for_all)`,
      next: 'Start the missing nodes. Only where it is sure that they are off: pcs quorum unblock.',
    }
  }
  return {
    severity: 'alarm',
    text: `no quorum${votes}${quorum === undefined ? '' : `, it takes ${quorum.quorum}`}; the cluster runs nothing until it has one`,
    next: 'Bring the missing nodes back, or the links to them.',
  }
}
