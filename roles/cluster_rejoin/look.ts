import type { Node } from 'bringup'
import type { HostView } from '../../src/cluster/rejoin/host_view.ts'
import { readView } from '../../src/cluster/rejoin/read_view.ts'
import type { HostReport } from '../../src/cluster/status/host_report.ts'

export interface Seen {
  readonly view: HostView
  readonly report: HostReport
}

/** How the cluster is for a node, which is only looked at. */
export async function lookAt<V>(node: Node<V>): Promise<Seen> {
  const seen: Seen[] = []
  await node.require(
    'it tells how its cluster is',
    async (context) => {
      seen.push(await readView(context))
      return true
    },
    '',
  )
  return seen[0]!
}
