import type { Finding } from '../../cluster/status/finding.ts'
import { relationOfNodes } from './relation_of_nodes.ts'
import { connectionTo, pairsOf } from './shared.ts'
import type { SharedNode, SharedResource } from './shared.ts'

/** Nodes of a resource that are up and do not reach each other: from data that went two ways to a cable pulled out. */
export function splitFindings(resource: SharedResource): Finding[] {
  return pairsOf(resource).flatMap(([a, b]) => {
    if (a.state === undefined || b.state === undefined) return []
    const states = [stateOf(resource, a, b), stateOf(resource, b, a)]
    // One that is StandAlone listens no more, whatever the other still says.
    if (states.every((state) => state === undefined || state === 'Connected')) return []
    return [apart(resource, a, b)]
  })
}

const stateOf = (resource: SharedResource, from: SharedNode, to: SharedNode): string | undefined =>
  connectionTo(resource, from, to)?.state

function apart(resource: SharedResource, a: SharedNode, b: SharedNode): Finding {
  const { name } = resource
  const views = [viewText(resource, a, b), viewText(resource, b, a)].join('\n')
  const relation = relationOfNodes(name, a, b)
  const alone = [a, b].filter((one) => stateOf(resource, one, one === a ? b : a) === 'StandAlone')
  if (relation === 'unrelated') return twoOrigins(resource, a, b, views)
  const isTwice = [a, b].every((one) => one.state?.role === 'Primary')
  const bothGood = [a, b].every((one) => one.state?.volumes.some(({ disk }) => disk === 'UpToDate'))
  if (relation === 'diverged' || isTwice || (relation === 'unknown' && bothGood && alone.length > 0)) {
    const what =
      relation === 'diverged'
        ? `each have data that the other does not have`
        : isTwice
          ? 'are both primary without seeing each other: each takes writes that the other does not get'
          : 'may each have data that the other does not have'
    return {
      severity: 'alarm',
      text: `SPLIT BRAIN of ${name}: ${a.name} and ${b.name} ${what}\n${views}`,
      next: solveText(resource, a, b),
    }
  }
  const order =
    relation === 'same'
      ? '; their data are the same'
      : relation === 'older' || relation === 'newer'
        ? `; ${(relation === 'older' ? b : a).name} has the newer data, and all of the other's`
        : ''
  if (alone.length > 0) {
    const names = alone.map((one) => one.name).join(' and ')
    return {
      severity: 'wrong',
      text: `${name}: ${names} gave the connection up (StandAlone)${order}\n${views}`,
      next:
        order === ''
          ? `Look why first: on ${names}: dmesg | grep drbd. Then there: drbdadm connect ${name}`
          : `on ${names}: drbdadm connect ${name}`,
    }
  }
  return {
    severity: 'wrong',
    text: `${name}: ${a.name} and ${b.name} do not reach each other${order}\n${views}`,
    next: `Look at the network and the firewall between them: ${endsText(a, b)}`,
  }
}

/** DRBD gives up whatever it is told; only making one side's metadata anew helps. */
function twoOrigins({ name }: SharedResource, a: SharedNode, b: SharedNode, views: string): Finding {
  return {
    severity: 'alarm',
    text: `${name}: ${a.name} and ${b.name} hold data of two origins, with no generation in common\n${views}`,
    next:
      `Look at the data of both, and decide whose are to be lost. There: drbdadm down ${name}; ` +
      'then rebuild that node with consent to losing what is on its disk (playbooks/rebuild-node.yml).',
  }
}

function viewText(resource: SharedResource, node: SharedNode, other: SharedNode): string {
  const disks = [...new Set(node.state?.volumes.map(({ disk }) => disk))].join(', ')
  return `${node.name}: ${node.state?.role ?? 'Unknown'}, ${disks}, ${stateOf(resource, node, other) ?? 'no connection'}`
}

/** Whose data are to be lost is nothing that a program could know: the ways for both. */
function solveText(resource: SharedResource, a: SharedNode, b: SharedNode): string {
  const { name } = resource
  const way = (victim: SharedNode, other: SharedNode): string => {
    const isAlone = (from: SharedNode, to: SharedNode) => stateOf(resource, from, to) === 'StandAlone'
    const steps = [
      ...(isAlone(victim, other) ? [] : [`drbdadm disconnect ${name}`]),
      ...(victim.state?.role === 'Primary' ? [`drbdadm secondary ${name}`] : []),
      `drbdadm connect --discard-my-data ${name}`,
    ]
    const then = isAlone(other, victim) ? `; then on ${other.name}: drbdadm connect ${name}` : ''
    return `to LOSE what ${victim.name} has: on ${victim.name}: ${steps.join('; ')}${then}`
  }
  return [
    `Stop what writes on ${a.name} and ${b.name}, look at the data of both, and decide:`,
    'playbooks/heal-split-brain.yml explains, and with -e victim=NODE saves and heals. By hand, one of:',
    way(a, b),
    way(b, a),
  ].join('\n')
}

function endsText(...nodes: readonly SharedNode[]): string {
  const hosts = nodes.flatMap(({ configured }) => configured?.hosts ?? [])
  return nodes
    .map(({ name, drbdName }) => {
      const at = hosts.find((host) => host.name === drbdName)
      return at === undefined ? name : [name, ...at.addresses].join(' ')
    })
    .join(', ')
}
