import { BringupError } from 'bringup'
import type { Node, Nodes } from 'bringup'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import type { DrbdRejoinVars } from './vars.ts'

/** The one node of a resource that comes back, and all others. */
export interface Parties {
  readonly resource: DrbdResource
  readonly target: Node<DrbdRejoinVars>
  readonly survivors: Nodes<DrbdRejoinVars>
}

/**
 * Who comes back to which resource; none where no node of the batch has a part in it.
 * @throws BringupError REFUSED where several would come back at once; HOST_UNKNOWN where a node is missing in the play
 */
export function partiesOf(
  nodes: Nodes<DrbdRejoinVars>,
  peers: Nodes<DrbdRejoinVars>,
  resources: readonly DrbdResource[],
): Parties[] {
  return resources.flatMap((resource) => {
    const names = resource.nodes.map(({ name }) => name)
    const [target, another] = nodes.names.filter((name) => names.includes(name))
    if (target === undefined) return []
    if (another !== undefined)
      throw new BringupError('REFUSED', `${resource.name} cannot get back several nodes at once`, {
        expected: 'one node, and the others beside it with the data',
        seen: `${target}, ${another}`,
        remedy: 'Name the one that comes back: --limit NODE. Several come back one after the other.',
      })
    const survivors = peers.named(...names.filter((name) => name !== target))
    return [{ resource, target: nodes.named(target).first, survivors }]
  })
}
