import type { Copy, FileSystem, Marker } from '../../src/evacuation/marker.ts'

export interface RestoreQuestion {
  readonly node: string
  readonly device: string
  readonly marker: Marker | null
  /** On the device that /vz is to be on from now on; undefined where it has none, or another thing. */
  readonly fileSystem: FileSystem | undefined
  /** Whether the copy stays. */
  readonly keep: boolean
}

/**
 * - `nothing`: there is nothing to restore, or it has been
 * - `restore`: the copy goes onto the file system: `begun` where an earlier run began it, else that has to be empty
 * - `remove`: it was restored, and the copy may go once all nodes have the data
 */
export type RestoreStep =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'restore'
      readonly was: FileSystem
      readonly copy: Copy
      readonly onto: FileSystem
      readonly begun: boolean
    }
  | { readonly kind: 'remove'; readonly was: FileSystem; readonly copy: Copy; readonly onto: FileSystem }
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy: string }

/** What is next on the node whose /vz was evacuated. */
export function nextStep({ node, device, marker, fileSystem, keep }: RestoreQuestion): RestoreStep {
  const refused = (reason: string, remedy: string): RestoreStep => ({ kind: 'refused', reason, remedy })
  if (marker === null) return { kind: 'nothing' }
  if (marker.phase === 'copying' || marker.phase === 'wiping')
    return refused(
      `the evacuation of /vz of ${node} has not come to its end`,
      'Run the role vz_evacuate first: it goes on where it was.',
    )
  const { was, copy } = marker
  if (marker.phase === 'restored') {
    if (keep || copy === null) return { kind: 'nothing' }
    if (isThe(marker.onto, fileSystem)) return { kind: 'remove', was, copy, onto: marker.onto }
    return refused(
      `${device} does not hold the file system that /vz of ${node} was restored to, so the copy stays`,
      `See what became of it (${shown(marker.onto)}); the copy is in ${copy.to}.`,
    )
  }
  if (copy === null)
    return refused(
      `/vz of ${node} was given up, as one that may be lost: there is nothing to restore`,
      'Name in evacuation.from the node that was named when it was evacuated.',
    )
  if (fileSystem === undefined)
    return refused(
      `there is no file system on ${device} to restore /vz to`,
      `Make it first (the role filesystem does), of type ${was.type}. The copy is in ${copy.to}.`,
    )
  const begun = marker.phase === 'restoring'
  if (begun && !isThe(marker.onto, fileSystem))
    return refused(
      `${device} holds another file system than the one that restoring was begun on`,
      `It was ${shown(marker.onto)}, and is ${shown(fileSystem)}. Nothing was written to it; the copy is in ${copy.to}.`,
    )
  return { kind: 'restore', was, copy, onto: fileSystem, begun }
}

const isThe = (one: FileSystem, other: FileSystem | undefined): boolean =>
  one.uuid === other?.uuid && one.type === other.type

const shown = ({ type, uuid }: FileSystem): string => `${type}, UUID ${uuid}`
