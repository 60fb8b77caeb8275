import { expect } from 'vitest'
import type { World } from './world.ts'

const DISK = '/dev/vdb'
const META = `drbdmeta --force 0 v08 ${DISK} internal`

/** What somebody may get wrong while the node that served is a machine without anything. @param lost that one */
export async function refusalsOfReinstalled(world: World, lost: string): Promise<void> {
  const left = world.other(lost)
  const only = ['--limit', lost]
  const dead = [...only, '-e', `dead_node=${lost}`]
  await world.refused(new RegExp(`-e dead_node=${lost}`), only)
  await world.refused(/dead_node says/, [...only, '-e', `dead_node=${left}`])
  await world.refused(/one node is rebuilt at a time/, ['-e', `dead_node=${lost}`])
  await world.refused(new RegExp(`${lost} is in no cluster`), ['--limit', left, '-e', `dead_node=${left}`])
  await world.refused(/the inventory's is other/, [...dead, '-e', 'cluster_name=other'])
  await world.refused(/./, dead, { swapped: true })
  const diskIs = (disk: string) => ({
    resource: ({ volumes }: { volumes: { disks: Record<string, string> }[] }) => {
      for (const { disks } of volumes) disks[lost] = disk
    },
  })
  await world.refused(/in use/, [...dead, '--destroy', `${lost}:/dev/vda`], diskIs('/dev/vda'))
  await world.refused(/vdz/, dead, diskIs('/dev/vdz'))
  await world.refused(/otherwise than the inventory says/, dead, {
    resource: ({ nodes }) => {
      for (const node of nodes) if (node.name === left) node.address = '192.168.111.199'
    },
  })
  await world.refused(/otherwise than the inventory says/, dead, {
    resource: ({ volumes }) => {
      for (const volume of volumes) volume.minor = 7
    },
  })
  await world.on(lost, `mkfs.ext4 -q ${DISK}`)
  await world.refused(new RegExp(`--destroy ${lost}:${DISK}`), dead)
  await world.refused(new RegExp(`--destroy ${lost}:${DISK}`), [...dead, '--destroy', `${left}:${DISK}`])
  await world.on(lost, `mount ${DISK} /mnt`)
  await world.refused(/in use/, [...dead, '--destroy', `${lost}:${DISK}`])
  await world.on(lost, `umount /mnt; blkdiscard --zeroout ${DISK}`)
}

/** What may be wrong with another disk, in a node that is a member. @param lost that one; it runs nothing */
export async function refusalsOfNewDisk(world: World, lost: string): Promise<void> {
  const only = ['--limit', lost]
  const small = await world.on(lost, 'truncate -s 32M /var/tmp/small && losetup --find --show /var/tmp/small')
  await world.refused(/too small/, only, {
    resource: ({ volumes }) => {
      for (const { disks } of volumes) disks[lost] = small
    },
  })
  await world.on(lost, `losetup -d ${small}`)

  // Pacemaker must not come before us with what is on that disk now.
  const left = world.other(lost)
  await world.on(left, `crm_attribute --node ${lost} --name standby --update on && crm_resource --wait`)
  await world.on(lost, 'drbdadm down r0')
  const holds = async (generation: string): Promise<void> => {
    await world.on(lost, `${META} create-md && ${META} set-gi ${generation}:1:1:0:0:0:0`)
  }
  await holds('AAAAAAAAAAAAAAAA:0000000000000000:0000000000000000:0000000000000000')
  await world.refused(new RegExp(`--destroy ${lost}:${DISK}`), only)
  const [current = ''] = (await world.on(left, 'drbdadm get-gi r0')).split(':')
  expect(current).toMatch(/^[0-9A-F]{16}$/)
  // What the survivors have now is where these data came from: they went on without them.
  await holds(`BBBBBBBBBBBBBBBA:${current}:0000000000000000:0000000000000000`)
  await world.refused(/holds newer data than the survivors|a split brain/, [
    ...only,
    '--destroy',
    `${lost}:${DISK}`,
  ])
  await world.on(lost, `${META} wipe-md; blkdiscard --zeroout ${DISK}`)
}

/** Where nobody has all of the data any more: destroys them. */
export async function refusalsWithoutData(world: World): Promise<void> {
  const left = await world.serving()
  const lost = world.other(left)
  const only = ['--limit', lost]
  await world.on(left, `pcs node standby ${world.members.join(' ')} && crm_resource --wait`)
  await world.refused(/r0 is not up there/, only)
  for (const name of world.members) await world.on(name, `drbdadm down r0; ${META} create-md`)
  await world.on(left, 'drbdadm up r0')
  await world.refused(/has just been created there and holds no data/, only)
  await world.on(left, 'systemctl stop pacemaker corosync')
  await world.refused(/Pacemaker does not run on/, only)
  await world.lab.powerOff(left)
  await world.refused(/unreachable|cannot be reached|could not be reached|no answer/i, only)
}
