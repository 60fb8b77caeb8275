import type { DrbdResource } from './resource_schema.ts'

/** What an operator should hear about a resource although DRBD takes it: what it is, and what it means on a bad day. */
export function resourceWarnings(resource: DrbdResource): string[] {
  const warnings: string[] = []
  const { name, nodes, quorum } = resource
  if (quorum === 'off' && resource.fencing === 'dont-care') {
    warnings.push(
      `${name} has neither fencing nor quorum: when the nodes lose sight of one another, both can write, and the data ` +
        'splits in two. Add a third node (diskless will do) with quorum: majority, or fencing.',
    )
  }
  if (quorum !== 'off' && nodes.length === 2) {
    warnings.push(
      `${name} has quorum with two nodes: the loss of either stops all writes on the other. Add a third node; diskless will do.`,
    )
  }
  if (resource.protocol !== 'C') {
    warnings.push(
      `${name} has protocol ${resource.protocol}: writes that were acknowledged can be lost when the primary dies.`,
    )
  }
  return warnings
}
