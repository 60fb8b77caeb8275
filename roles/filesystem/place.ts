import { BringupError } from 'bringup'
import type { Tag } from '../../src/shell/shell.ts'
import { diskfulNodes, diskOf } from '../../src/drbd/resource_nodes.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import type { ResourceState } from '../../src/drbd/status/node_report.ts'
import { resourceStateOf } from '../../src/drbd/status/read_node.ts'
import type { FilesystemVars, OnDrbd } from './vars.ts'

interface Looking {
  readonly name: string
  readonly $: { readonly read: Tag }
}

/** @throws BringupError VAR_INVALID where it is not declared */
export function volumeOf(
  { drbd_resources }: FilesystemVars,
  { resource: name, volume: number }: OnDrbd,
): { resource: DrbdResource; volume: DrbdResource['volumes'][number] } {
  const resource = drbd_resources.find((one) => one.name === name)
  const volume = resource?.volumes.find((one) => one.volume === number)
  if (resource !== undefined && volume !== undefined) return { resource, volume }
  throw new BringupError('VAR_INVALID', `filesystems: ${name}, volume ${number} is none of drbd_resources`, {
    seen: drbd_resources.map((one) => one.name).join(', ') || 'no resources',
    remedy: 'Name a resource and volume that drbd_resources declares.',
  })
}

/** What `mkfs` wants to know of the volume on a node. */
export function wantedOn(
  { resource, volume }: ReturnType<typeof volumeOf>,
  { type, label, options }: OnDrbd,
  node: string,
) {
  return {
    device: `/dev/drbd${volume.minor}`,
    type,
    options,
    ...(label === undefined ? {} : { label }),
    drbd: { resource: resource.name, minor: volume.minor, below: diskOf(volume, node) ?? '/dev/none' },
  }
}

/**
 * The one node that a file system is made on: the primary, or else one whose data are UpToDate, or else, before the
 * resource is up, the first that has a disk.
 */
export async function placeOf<N extends Looking>(
  { resource, volume }: ReturnType<typeof volumeOf>,
  nodes: Iterable<N>,
): Promise<N> {
  const diskful = new Set(diskfulNodes(resource).map(({ name }) => name))
  const seen = await Promise.all(
    [...nodes]
      .filter((node) => diskful.has(node.name))
      .map(async (node) => ({ node, state: await stateOn(node, resource) })),
  )
  const upToDate = seen.find(
    ({ state }) => state?.volumes.find((one) => one.minor === volume.minor)?.disk === 'UpToDate',
  )
  const place = seen.find(({ state }) => state?.role === 'Primary') ?? upToDate ?? seen[0]
  if (place !== undefined) return place.node
  throw new BringupError('NO_HOSTS', `no node with a disk of ${resource.name} is in this run`, {
    remedy: `Run it on ${[...diskful].join(' and ')}.`,
  })
}

/** drbdsetup would load a module, so it is asked only where one is loaded. */
async function stateOn({ name, $ }: Looking, resource: DrbdResource): Promise<ResourceState | undefined> {
  const read = $.read({ nothrow: true })
  const { stdout: procDrbd } = await read`cat /proc/drbd`
  const is9 = /^version: 9/m.test(procDrbd)
  const { exitCode, stdout } = is9 ? await read`drbdsetup status --json` : { exitCode: 0, stdout: undefined }
  return resourceStateOf(resource, name, { procDrbd, status: exitCode === 0 ? stdout : undefined })
}
