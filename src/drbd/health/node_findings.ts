import type { Finding } from '../../cluster/status/finding.ts'
import type { SharedNode, SharedResource } from './shared.ts'

/** Nodes where a resource is frozen, without quorum, or not up. */
export function drbdNodeFindings(resource: SharedResource): Finding[] {
  return resource.nodes.flatMap((node) => [
    ...quorumFindings(resource, node),
    ...(node.state === undefined ? absenceFindings(resource, node) : []),
  ])
}

function quorumFindings({ name }: SharedResource, node: SharedNode): Finding[] {
  const { state } = node
  if (state === undefined) return []
  const hasQuorum = !state.volumes.some(({ quorum }) => quorum === false)
  if (!hasQuorum) {
    const frozen = state.suspended ? ', and what writes to it hangs' : ''
    return [
      {
        severity: 'alarm',
        text: `${name} has no quorum on ${node.name}: nothing can be written there${frozen}`,
        next: 'Bring the missing nodes back, or the links to them. A node that comes alone, without a disk, is not enough.',
      },
    ]
  }
  if (!state.suspended) return []
  return [
    {
      severity: 'alarm',
      text: `${name} is suspended on ${node.name}: what reads or writes there hangs`,
      next: [
        'Fencing that does not come to an end does this, or somebody did: dmesg | grep drbd tells. Mend that.',
        `on ${node.name}, only where it is sure that no other node writes: drbdadm resume-io ${name}`,
      ].join('\n'),
    },
  ]
}

/** Why a node's kernel does not have the resource. */
function absenceFindings({ name, nodes }: SharedResource, node: SharedNode): Finding[] {
  const wrong = (text: string, next: string): Finding[] => [{ severity: 'wrong', text, next }]
  const others = nodes.filter((one) => one.state !== undefined).map((one) => one.name)
  if (node.asked !== 'yes') {
    if (others.length === 0) return []
    // A node that nobody asked, and that the others are connected to, is there.
    const isSeen = nodes.some((one) =>
      one.state?.connections.some(
        ({ peer, state }) => state === 'Connected' && (nodes.length === 2 || peer === node.drbdName),
      ),
    )
    if (isSeen) return []
    return wrong(
      `${name} is not connected to ${node.name}, ${node.asked === 'missed' ? 'which does not answer over SSH either' : 'which was not asked'}: what ${others.join(', ')} ${others.length === 1 ? 'writes' : 'write'} stands there alone`,
      `See whether ${node.name} has power and network.`,
    )
  }
  if (node.drbd?.resources === undefined && node.drbd !== undefined) return []
  if (node.drbd !== undefined && node.configured !== undefined) {
    return node.drbd.module === undefined
      ? wrong(
          `${name} is not up on ${node.name}: no drbd module is loaded there`,
          `on ${node.name}: modprobe drbd, then drbdadm up ${name}; where Pacemaker starts it, see its failures`,
        )
      : wrong(
          `${name} is not up on ${node.name}`,
          `on ${node.name}: drbdadm up ${name}; where Pacemaker starts it, see its failures`,
        )
  }
  if (node.drbd?.configProblem !== undefined) return []
  return wrong(
    `${name} is not in the configuration of ${node.name}, which the other has for its peer`,
    'Bring the same file to every node: run the playbook again.',
  )
}
