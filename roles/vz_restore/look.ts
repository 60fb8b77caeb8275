import { BringupError } from 'bringup'
import type { ReadContext } from 'bringup'
import { lookAtDevice } from '../../src/devices/look.ts'
import type { FileSystem } from '../../src/evacuation/marker.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'
import { lookAtDrbd, moreAboutDrbd, notWritable } from '../../src/operations/mkfs_drbd.ts'

export interface SeenCarrier {
  readonly fileSystem: FileSystem | undefined
  /** Why this node may not write to it; undefined where it may. */
  readonly notWritable: string | undefined
  /** Whether Pacemaker is told to mount /vz. */
  readonly managed: boolean
  /** Who else uses the device. */
  readonly uses: readonly string[]
}

// Exit status 6 and 105 say that there is none such (cibadmin of Pacemaker 1.1 and 2).
const MANAGED = `
section pacemaker
if systemctl is-active --quiet pacemaker 2>/dev/null; then
  cibadmin --query --xpath "//primitive[@type='Filesystem']/instance_attributes/nvpair[@name='directory' and @value='${VZ}']" >/dev/null 2>&1
  printf '%s\\n' "$?"
fi`

/** How the DRBD device that carries /vz is on this node, and what is on it. */
export async function lookAtCarrier(
  context: ReadContext,
  drbd: { readonly resource: string; readonly minor: number },
  below: string,
): Promise<SeenCarrier> {
  const looked = await lookAtDevice(context, below, moreAboutDrbd(drbd) + MANAGED)
  if (looked === undefined)
    throw new BringupError('REFUSED', `there is no ${below}`, {
      remedy: 'Name the disk of this node in drbd_resources as it is.',
    })
  const state = lookAtDrbd(looked, drbd)
  const [one, ...others] = looked.look.content.signatures.filter(({ type }) => type !== 'drbd')
  const isFileSystem = state.metadata && others.length === 0 && one?.uuid !== undefined
  const code = looked.more('pacemaker').stdout.trim()
  return {
    fileSystem:
      isFileSystem && (one.type === 'ext4' || one.type === 'xfs')
        ? { type: one.type, uuid: one.uuid }
        : undefined,
    notWritable: notWritable(state),
    // What cannot be told is taken for yes.
    managed: !['', '6', '105'].includes(code),
    uses: state.uses.filter((use) => use !== `mounted on ${VZ}`),
  }
}
