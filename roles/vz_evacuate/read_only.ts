import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import type { FileSystem } from '../../src/evacuation/marker.ts'
import { VZ } from '../../src/evacuation/vz_disk.ts'
import { output } from '../../src/operations/host_script.ts'
import { mountHolders } from '../../src/operations/mount_holders.ts'

// The last word of a line is what holds for all mounts of that file system, and not for this one only.
const LOOK = `
number=$(stat -L -c '%t %T' -- "$1") && set -- $number && number=$((0x$1)):$((0x$2)) || exit 1
awk -v at="$number" '$5 == "${VZ}" { last = $3 == at ? $NF : "other" }
  END { split(last, options, ","); print last == "" ? "absent" : options[1] }' /proc/self/mountinfo`

/** /vz so that nobody can write to it, mounted where a reboot has left it unmounted. */
export async function mountReadOnly(node: Node, device: string, { type }: FileSystem): Promise<void> {
  await node.task(`${VZ} is read-only`, {
    met: async (context) => {
      const now = (await output(context, `look at ${VZ}`, LOOK, [device])).toString().trim()
      return now === 'ro' || (now === 'absent' ? `mount ${device} read-only` : 'remount it read-only')
    },
    async apply(context) {
      const now = (await output(context, `look at ${VZ}`, LOOK, [device])).toString().trim()
      const { exitCode, stderr } = await context.$({ nothrow: true })`${
        now === 'absent' ? ['mount', '-t', type, '-o', 'ro', device, VZ] : ['mount', '-o', 'remount,ro', VZ]
      }`
      if (exitCode === 0) return
      throw new BringupError(
        'BUSY',
        `${VZ} cannot be made read-only, so that its files could change as they are copied`,
        {
          seen: [stderr.trim(), await mountHolders(context, VZ)].filter((part) => part !== '').join('\n'),
          remedy: 'Nothing was copied or lost. Stop what has files open there, and run again.',
        },
      )
    },
  })
}
