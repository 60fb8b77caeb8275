import type { FirstPrimaryQuestion, No, Objection } from './question.ts'
import type { DrbdNode } from '../resource_schema.ts'
import type { DrbdNodeReport } from '../status/node_report.ts'

/** What the connections of one node forbid: it must see every other node, and see it as fresh as itself. */
export function* forbiddenByConnections(
  { resource }: FirstPrimaryQuestion,
  { name: node }: DrbdNode,
  { resource: state }: DrbdNodeReport,
  no: No,
): Generator<Objection> {
  if (state === undefined) return
  const peers = resource.nodes.filter((one) => one.name !== node)
  const stranger = state.connections.find(({ peer }) => !peers.some((one) => one.name === peer))
  if (stranger !== undefined) {
    yield no(
      `it has a connection to ${stranger.peer}, which is none of the nodes`,
      'Name all nodes in the inventory.',
    )
  }
  for (const { name: peer, diskless } of peers) {
    const [connection, another] = state.connections.filter((one) => one.peer === peer)
    if (connection === undefined || another !== undefined || connection.state !== 'Connected') {
      const is = connection === undefined ? 'has no connection' : `is ${connection.state}`
      yield no(`it ${is} to ${peer}`, 'Let all nodes connect first: addresses, firewall, module versions.')
      continue
    }
    if (connection.peerRole !== 'Secondary')
      yield no(`it sees ${peer} as ${connection.peerRole}`, 'See drbdadm status on both.')
    const must = diskless ? 'Diskless' : 'Inconsistent'
    for (const { volume } of resource.volumes) {
      const seen = connection.volumes.filter((one) => one.volume === volume)
      const [first] = seen
      if (seen.length !== 1 || first?.replication !== 'Established' || first.peerDisk !== must) {
        const is = first === undefined ? 'nothing' : `${first.replication}, ${first.peerDisk}`
        yield no(
          `it sees ${is} of volume ${volume} of ${peer}, not Established, ${must}`,
          'See drbdadm status on both.',
        )
      }
    }
  }
}
