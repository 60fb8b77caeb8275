import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { writeMarker } from '../../src/evacuation/write_marker.ts'
import { leaveFstab, leaveVz } from './leave.ts'
import type { SeenVz } from './look.ts'
import { mountReadOnly } from './read_only.ts'
import { stopOpenVz } from './stop.ts'
import { readVz } from './wipe.ts'
import type { VzWanted } from './wipe.ts'

/** Unmounts a /vz that is empty or may be lost, and records that: once unmounted, nobody sees any more that it was empty. */
export async function giveUp(node: Node, want: VzWanted, { disk }: SeenVz): Promise<void> {
  const { fileSystem: was, mounted } = disk
  if (was === undefined) throw new BringupError('INTERNAL', `no file system on ${want.device}`)
  await stopOpenVz(node)
  await leaveFstab(node)
  if (mounted) await mountReadOnly(node, want.device, was)
  await node.require(
    `what is in /vz may be lost`,
    async (context) => {
      const { step } = await readVz(context, want)
      return step.kind === 'refused' ? step.reason : true
    },
    'It was written to since the run began. See by whom; nothing of it was changed.',
  )
  await writeMarker(node, { phase: 'wiping', was, copy: null, head: null })
  await leaveVz(node)
}
