import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { VZ } from '../../src/evacuation/vz_disk.ts'

/** Where /vz is on this node from now on. */
export interface Carrier {
  readonly device: string
  readonly type: string
  /** Of DRBD, which is made primary for the time: 8.4 is not so by being mounted. Left out for a plain device. */
  readonly resource?: string
}

const isPrimary = async (node: Node, resource: string): Promise<boolean> =>
  (await node.$.read`drbdadm role ${resource}`.text()).startsWith('Primary')

export async function mountVz(node: Node, { device, type, resource }: Carrier): Promise<void> {
  if (resource !== undefined)
    await node.task(`${resource} is primary`, {
      met: () => isPrimary(node, resource),
      apply: ({ $ }) => $({ unbroken: true })`drbdadm primary ${resource} </dev/null`,
    })
  await node.mount({ mountpoint: VZ, spec: device, type, options: ['noatime'], boot: false })
}

// udev looks at what was just unmounted, and holds it open for that.
const DEMOTE = `for try in 1 2 3 4 5 6 7 8 9 10; do
  udevadm settle 2>/dev/null || true
  said=$(drbdadm secondary "$1" </dev/null 2>&1) && exit 0
  sleep 1
done
printf '%s\\n' "$said" >&2
exit 1`

/** Unmounted, and free for the cluster to mount on any node. */
export async function unmountVz(node: Node, { resource }: Carrier): Promise<void> {
  await node.mount({ mountpoint: VZ, state: 'unmounted', boot: false })
  if (resource === undefined) return
  await node.task(`${resource} is secondary again`, {
    met: async () => !(await isPrimary(node, resource)),
    async apply({ $ }) {
      const { exitCode, stderr } = await $({ unbroken: true, nothrow: true })`sh -c ${DEMOTE} sh ${resource}`
      if (exitCode === 0) return
      throw new BringupError('BUSY', `${resource} cannot be made secondary again`, {
        seen: stderr.trim(),
        remedy: `See who has it open (fuser -vm, lsblk); then: drbdadm secondary ${resource}, and run again.`,
      })
    },
  })
}
