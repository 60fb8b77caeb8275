import { BringupError } from 'bringup'
import { GLOBAL_COMMON } from '../../src/drbd/config_files.ts'
import { resourceFilePath } from '../../src/drbd/render/resource_file.ts'
import { sameConfig } from '../../src/drbd/rejoin/same_config.ts'
import type { SameConfig } from '../../src/drbd/rejoin/same_config.ts'
import type { Parties } from './parties.ts'

/**
 * Whether the survivors are configured as the inventory says, which is what the node gets.
 * @throws BringupError REFUSED where they are not, with what differs
 */
export async function compareConfig({ resource, target, survivors }: Parties): Promise<SameConfig> {
  const files = await survivors.map(async (node) => ({
    node: node.name,
    resource: await node.readText(resourceFilePath(resource)),
    common: await node.readText(GLOBAL_COMMON),
  }))
  const same = sameConfig(resource, target.name, files)
  if (same.kind === 'differs')
    throw new BringupError(
      'REFUSED',
      `${same.node} runs ${resource.name} otherwise than the inventory says`,
      {
        expected: `${resourceFilePath(resource)} as the inventory has it (+), but for the address and the disk of ${target.name}`,
        seen: same.differences.slice(0, 20).join('\n'),
        remedy:
          'Nothing was changed. Is it the inventory of this cluster, and are its nodes those that it names? Bring it in line with the survivors first.',
      },
    )
  return same
}
