import type { FileSystem, Marker } from '../../src/evacuation/marker.ts'

/** What is on the device of a node's /vz. */
export interface SeenDisk {
  /**
   * `blank`: zeros where a wipe puts them, and no signature; `remains`: bytes that no signature explains; `file system`: one that may be a /vz, and nothing else;
   * `drbd`: its metadata, whatever else there is; `other`: all else.
   */
  readonly kind: 'blank' | 'remains' | 'file system' | 'drbd' | 'other'
  readonly fileSystem: FileSystem | undefined
  /** Whether it is what one sees at /vz. */
  readonly mounted: boolean
  /** The digest of its first bytes. */
  readonly head: string
  /** Some regular files in it; null where it is not mounted. */
  readonly files: readonly string[] | null
}

export interface EvacuationQuestion {
  readonly node: string
  readonly device: string
  /** Whether what is in its /vz is to be kept; else it has to be empty, or expendable. */
  readonly keeps: boolean
  /** Whether other nodes have the data of the cluster already, so that this one is given them, whatever is in its /vz. */
  readonly joins: boolean
  readonly expendable: boolean
  /** Where the copy is to be. */
  readonly to: string
  /** What is at /vz of a node that has another device there. */
  readonly elsewhere: string | undefined
  readonly marker: Marker | null
  readonly disk: SeenDisk
}

/**
 * - `done`: there is nothing to do here; what is on the disk is for drbd_resource to judge
 * - `foreign`: what is on it was never a /vz; drbd_resource destroys it, where that is consented to before anything begins
 * - `copy`: copy and compare, from the beginning or once more; whatever an earlier run saw does not count
 * - `lose`: /vz is unmounted, and goes
 * - `wipe`: it was copied and compared, or given up; the device is wiped, or its wiping is ended
 * - `record`: it has been wiped, and that is not written down yet
 */
export type Step =
  | { readonly kind: 'done' | 'foreign' | 'copy' | 'lose' | 'wipe' | 'record' }
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy: string }

/** What is next on a node, out of what was recorded and what is seen. */
export function nextStep(question: EvacuationQuestion): Step {
  const { marker } = question
  if (marker === null) return firstStep(question)
  if (marker.phase === 'copying') return goOnCopying(question, marker)
  if (marker.phase === 'restored') return afterwards(question)
  return keptOtherwise(question, marker) ?? (marker.phase === 'wiping' ? goOnWiping(question, marker) : DONE)
}

const DONE: Step = { kind: 'done' }

function firstStep(question: EvacuationQuestion): Step {
  const { node, device, expendable, elsewhere, disk } = question
  const keeps = question.keeps && !question.joins
  // A node that was rebuilt later: its part of the data comes by DRBD.
  if (disk.kind === 'drbd') return DONE
  if (elsewhere !== undefined)
    return refused(
      `/vz of ${node} is on ${elsewhere}, and not on ${device}`,
      'Name the device of /vz as the disk of this node in drbd_resources.',
    )
  if (disk.fileSystem === undefined) {
    if (keeps || disk.mounted) return noVz(node, device, disk)
    return disk.kind === 'blank' ? DONE : { kind: 'foreign' }
  }
  if (keeps) return disk.mounted ? { kind: 'copy' } : unseen(node, device)
  if (expendable) return { kind: 'lose' }
  if (disk.files === null)
    return unseen(node, device, `or, where that may be lost, add ${node} to evacuation.expendable`)
  if (disk.files.length === 0) return { kind: 'lose' }
  if (question.keeps)
    return refused(
      `/vz of ${node} is not empty, and the data of the cluster are on the other nodes`,
      `Name one of them in evacuation.from. Where all that is in the /vz of ${node} may be lost: evacuation.expendable: [${node}].`,
    )
  return refused(
    `/vz of ${node} is not empty, and is not the one that is kept`,
    `Move away what is needed of it; or say that all of it may be lost: evacuation.expendable: [${node}].`,
  )
}

const noVz = (node: string, device: string, { kind }: SeenDisk): Step =>
  refused(
    kind === 'blank'
      ? `${device} of ${node}, whose /vz is to be kept, is blank`
      : `${device} of ${node} holds something else than a file system of /vz (ext4 or xfs)`,
    'Name in evacuation.from the node that has the data; where none has any, leave out the roles vz_evacuate and vz_restore.',
  )

const unseen = (node: string, device: string, or = ''): Step =>
  refused(
    `there is a file system on ${device} of ${node} that is not mounted at /vz`,
    `Mount it there, so that it can be seen what is in it${or && `; ${or}`}.`,
  )

function goOnCopying(
  { node, device, keeps, to, disk }: EvacuationQuestion,
  marker: Extract<Marker, { phase: 'copying' }>,
): Step {
  if (!keeps)
    return refused(
      `/vz of ${node} is being evacuated to ${marker.to}, and is not the one that is kept now`,
      `Set evacuation.from to ${node} again; or give that up as its README says.`,
    )
  if (to !== marker.to)
    return refused(
      `the evacuation of ${node} was begun to ${marker.to}, not to ${to}`,
      `Set evacuation.to to ${marker.to}; or remove what was begun there, and the marker, as the README of vz_evacuate says.`,
    )
  if (isThe(marker.was, disk)) return { kind: 'copy' }
  return refused(
    `${device} of ${node} does not hold the file system that was being copied (${marker.was.type}, UUID ${marker.was.uuid})`,
    `Nothing was written to it, nor to ${marker.to}, which may hold a part only. Find the disk with that UUID first.`,
  )
}

/** From the wipe on there is one complete copy, on the node that was the one to keep then; or none, by consent. */
function keptOtherwise(
  { node, keeps }: EvacuationQuestion,
  { copy }: Exclude<Marker, { phase: 'copying' }>,
): Step | undefined {
  if (keeps && copy === null)
    return refused(
      `/vz of ${node} was given up by an earlier run, as one that may be lost`,
      'Name in evacuation.from the node that was named then.',
    )
  if (keeps || copy === null) return undefined
  return refused(
    `the only copy of a /vz is on ${node}, in ${copy.to}, and another node is to be kept now`,
    `Set evacuation.from to ${node} again.`,
  )
}

/**
 * A wipe that was cut off leaves the file system, bytes of it, or nothing; anything else somebody made since. So is what was
 * written to the file system itself, where it was put to use again after all.
 */
function goOnWiping(question: EvacuationQuestion, marker: Extract<Marker, { phase: 'wiping' }>): Step {
  const { node, device, disk } = question
  const { was, copy, head } = marker
  if (disk.kind === 'blank') return { kind: 'record' }
  if (disk.kind === 'remains') return { kind: 'wipe' }
  if (!isThe(was, disk))
    return refused(
      `${device} of ${node} was being wiped, and holds something else by now`,
      `Nothing of it is wiped${copy === null ? '' : `; the copy of /vz is in ${copy.to}`}. See who wrote to it.`,
    )
  const isUsedAgain =
    copy === null ? !question.expendable && (disk.files ?? []).length > 0 : disk.mounted || disk.head !== head
  if (!isUsedAgain) return { kind: 'wipe' }
  return refused(
    `/vz of ${node} was used again before it was wiped${copy === null ? '' : `: what was written since is not in ${copy.to}`}`,
    `Nothing of it was wiped. To begin anew, move away ${copy === null ? 'the marker' : `the marker and ${copy.to}`}, as the README of vz_evacuate says, and run again.`,
  )
}

/** The evacuation is long over. */
function afterwards({ node, device, disk }: EvacuationQuestion): Step {
  if (disk.fileSystem === undefined) return DONE
  return refused(
    `${device} of ${node} is a plain /vz again, although it was evacuated and restored before`,
    'To evacuate it once more, move away the marker and the copy of that time, as the README of vz_evacuate says.',
  )
}

const isThe = (was: FileSystem, { fileSystem }: SeenDisk): boolean =>
  fileSystem?.uuid === was.uuid && fileSystem.type === was.type

const refused = (reason: string, remedy: string): Step => ({ kind: 'refused', reason, remedy })
