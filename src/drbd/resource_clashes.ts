import type { Contradiction } from './contradictions.ts'
import type { DrbdResource } from './resource_schema.ts'

/**
 * What two resources of the same nodes both claim: a name, a minor, an address with its port, or a disk.
 *
 * @returns issues whose paths start with the resource's place in the list
 */
export function resourceClashes(resources: readonly DrbdResource[]): Contradiction[] {
  const owners = new Map<string, number>()
  const found: Contradiction[] = []
  const claim = (at: number, key: string, path: readonly (string | number)[], what: string) => {
    const owner = owners.get(key) ?? at
    owners.set(key, owner)
    // Within one resource its own schema tells.
    if (owner !== at)
      found.push({ path: [at, ...path], message: `${what} is that of ${resources[owner]?.name}` })
  }
  for (const [at, resource] of resources.entries()) {
    claim(at, `name ${resource.name}`, ['name'], `the name ${resource.name}`)
    for (const [index, { address, port }] of resource.nodes.entries()) {
      claim(at, `${address} ${port}`, ['nodes', index, 'port'], `${address} port ${port}`)
    }
    for (const [index, { minor, disks }] of resource.volumes.entries()) {
      claim(at, `minor ${minor}`, ['volumes', index, 'minor'], `minor ${minor}`)
      for (const [node, disk] of Object.entries(disks)) {
        claim(at, `disk ${node}:${disk}`, ['volumes', index, 'disks', node], `${disk} of ${node}`)
      }
    }
  }
  return found
}
