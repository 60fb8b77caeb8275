import { BringupError } from 'bringup'
import type { ApplyContext, Node } from 'bringup'
import { PINNED } from '../../src/evacuation/copy_text.ts'
import { copyTree } from '../../src/evacuation/copy_tree.ts'
import type { Pinned } from '../../src/evacuation/copy_tree.ts'
import { ETC_TREE, manifestOf, VZ_TREE } from '../../src/evacuation/layout.ts'
import type { Copy, FileSystem } from '../../src/evacuation/marker.ts'
import type { Phase } from '../../src/evacuation/tell_progress.ts'
import { withProgress } from '../../src/evacuation/tell_progress.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'
import { writeMarker } from '../../src/evacuation/write_marker.ts'
import { etcToCopy, linkEtc, lookAtEtc } from './etc_vz.ts'
import { leaveFstab, leaveVz } from './leave.ts'
import { measure, noPlace } from './measure.ts'
import type { Measured } from './measure.ts'
import { probe } from './probe.ts'
import { mountReadOnly } from './read_only.ts'
import { stopOpenVz } from './stop.ts'
import { HEAD } from './look.ts'
import type { SeenVz } from './look.ts'
import type { VzWanted } from './wipe.ts'

interface Evacuated {
  readonly device: string
  readonly was: FileSystem
  readonly to: string
}

/**
 * Copies a node's /vz and settings, compares them, and leaves /vz unmounted and the marker at `wiping`. Whatever an
 * earlier run copied is looked at anew: only what this run has compared counts.
 */
export async function evacuate(
  node: Node,
  { device, to }: VzWanted,
  seen: SeenVz,
  check: boolean,
): Promise<void> {
  const was = seen.disk.fileSystem
  if (was === undefined) throw new BringupError('INTERNAL', `no file system on ${device} to be copied`)
  const on: Evacuated = { device, was, to }
  await node.package({ names: ['rsync', 'attr', 'acl'] })
  if (!seen.disk.mounted) await mountReadOnly(node, device, was)
  const measured = await placeFor(node, to, seen)
  await writeMarker(node, { phase: 'copying', was, to })
  await node.directory({ path: to, mode: '0700', parents: true })
  await keepsAll(node, to)
  await stopOpenVz(node)
  await leaveFstab(node)
  await mountReadOnly(node, device, was)
  const copy = await copyAll(node, on, measured, check)
  await linkEtc(node)
  await leaveVz(node)
  await writeMarker(node, { phase: 'wiping', was, copy, head: await headOf(node, device) })
}

/** As it is left: whoever mounts it after that changes it. */
async function headOf({ $ }: Node, device: string): Promise<string> {
  const text = await $.read`sh -c ${`path=$1; blockdev --flushbufs "$path"; ${HEAD}`} sh ${device}`.text()
  return text.trim()
}

async function placeFor(node: Node, to: string, { marker, disk }: SeenVz): Promise<Measured | undefined> {
  let measured: Measured | undefined
  await node.require(
    `there is room for ${VZ} in ${to}`,
    async (context) => {
      // After a reboot, in check mode: it is not mounted.
      if (context.check && !disk.mounted) return true
      measured = await measure(context, to)
      const problem = noPlace(measured, to, marker !== null)
      if (problem !== undefined) throw problem
      return true
    },
    '',
  )
  return measured
}

async function keepsAll(node: Node, to: string): Promise<void> {
  let kept = false
  await node.task(`${to} keeps all that files have`, {
    met: async () => kept || 'try it with files of every kind',
    apply: async (context) => {
      await probe(context, to)
      kept = true
    },
  })
}

/** @returns the digests of what was compared; in check mode nothing was */
async function copyAll(
  node: Node,
  on: Evacuated,
  measured: Measured | undefined,
  check: boolean,
): Promise<Copy> {
  const none: Copy = { to: on.to, vz: '0'.repeat(64), etc: null }
  let copy: Copy | undefined
  await node.task(`${VZ} is copied to ${on.to}, and compared`, {
    met: async () => copy !== undefined || 'copy, and compare by checksum',
    apply: async (context) => {
      const { used = 0, place } = measured ?? {}
      const what = { name: `copying ${VZ}`, folder: on.to, total: used, there: place?.there ?? 0 }
      copy = await withProgress(node, context, what, (at) => copyBoth(context, on, at))
    },
  })
  if (copy !== undefined) return copy
  if (check) return none
  throw new BringupError('INTERNAL', `${VZ} was not compared`)
}

async function copyBoth(
  context: ApplyContext,
  { device, was, to }: Evacuated,
  at: (phase: Phase) => void,
): Promise<Copy> {
  const etcSource = etcToCopy(await lookAtEtc(context))
  const copied = (tree: string, pinned: Pinned): Promise<string> =>
    copyTree(
      context,
      {
        pinned,
        source: PINNED,
        target: `${to}/${tree}`,
        work: to,
        manifests: { expected: `${tree}.source`, found: manifestOf(tree) },
        known: false,
      },
      at,
    )
  const vz = await copied(VZ_TREE, { folder: VZ, on: { device, uuid: was.uuid, readOnly: true } })
  return { to, vz, etc: etcSource === null ? null : await copied(ETC_TREE, { folder: etcSource }) }
}
