import { BringupError } from '../errors.ts'
import { diskOf } from '../drbd/resource_nodes.ts'
import type { DrbdResource } from '../drbd/resource_schema.ts'

/** Where OpenVZ 7 keeps its containers, and its settings. */
export const VZ = '/vz'
export const ETC_VZ = '/etc/vz'
/** Where the settings go, so that they move with the containers; and the ones that were there before. */
export const SHARED_ETC = '/vz/etc-vz'
export const OLD_ETC = '/etc/vz.evacuated'

/** What carries /vz. */
export interface VzVolume {
  readonly resource: DrbdResource
  readonly minor: number
  /** The disk below it on a node; undefined where it has none. */
  diskOn(node: string): string | undefined
}

/** @throws BringupError VAR_INVALID where no such resource or volume is declared */
export function vzVolume(resources: readonly DrbdResource[], wanted: string | undefined): VzVolume {
  const resource = wanted === undefined ? resources[0] : resources.find(({ name }) => name === wanted)
  const volume = resource?.volumes.find((one) => one.volume === 0)
  if (resource === undefined || volume === undefined)
    throw new BringupError('VAR_INVALID', `evacuation.resource: ${wanted ?? 'the first'} has no volume 0`, {
      seen: resources.map(({ name }) => name).join(', ') || 'no resources',
      remedy: 'Name the resource of drbd_resources that carries /vz.',
    })
  return {
    resource,
    minor: volume.minor,
    diskOn: (node) => diskOf(volume, node),
  }
}
