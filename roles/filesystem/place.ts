import { BringupError } from 'bringup'
import type { Tag } from '../../src/shell/shell.ts'
import { diskfulNodes, diskOf } from '../../src/drbd/resource_nodes.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { resourceStateOf } from '../../src/drbd/status/kernel_state.ts'
import { drbdAnswers } from '../../src/operations/drbd_answers.ts'
import type { FilesystemVars, OnDrbd } from './vars.ts'

/** A node of a run, or one that is looked at before it. */
interface Making {
  readonly name: string
  readonly $: { readonly read: Tag }
  mkfs(want: ReturnType<typeof wantedOn>): Promise<unknown>
}

/**
 * A file system on a volume of DRBD, made (or looked at, before the play) on the one node that may: DRBD brings it to the
 * others.
 */
export async function mkfsOnDrbd(
  nodes: Iterable<Making>,
  vars: FilesystemVars,
  wanted: OnDrbd,
): Promise<void> {
  const on = volumeOf(vars, wanted)
  const node = await placeOf(on, nodes)
  await node.mkfs(wantedOn(on, wanted, node.name))
}

/** @throws BringupError VAR_INVALID where it is not declared */
function volumeOf(
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
function wantedOn(
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
async function placeOf(
  { resource, volume }: ReturnType<typeof volumeOf>,
  nodes: Iterable<Making>,
): Promise<Making> {
  const diskful = new Set(diskfulNodes(resource).map(({ name }) => name))
  const seen = await Promise.all(
    [...nodes]
      .filter((node) => diskful.has(node.name))
      .map(async (node) => ({ node, state: resourceStateOf(await drbdAnswers(node.$.read), resource) })),
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
