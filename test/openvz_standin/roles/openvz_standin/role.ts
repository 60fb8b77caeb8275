import { defineRole } from 'bringup'
import type { Node } from 'bringup'
import type * as z from 'zod'
import { units } from './units.ts'
import { standinVars } from './vars.ts'

const LIBEXEC = '/usr/libexec/openvz-standin'
const SERVICES = ['vz', 'prl-disp']
const VOLUME = '/dev/mapper/openvz-vz'

// What a container of the stand-in has: one static binary, under these names.
const ROOTFS = `
set -e
mkdir -p "$1/bin" "$1/sbin" "$1/usr" "$1/etc" "$1/proc" "$1/sys" "$1/dev" "$1/run" "$1/tmp" "$1/root" "$1/var"
cp /bin/busybox "$1/bin/busybox"
for name in sh sleep cat echo ls touch sync mkdir rm hostname id ps kill test date head grep sed wc df dd sha256sum; do
  ln -s busybox "$1/bin/$name"
done
echo 'ID=openvz-standin' >"$1/etc/os-release"`

export default defineRole({
  summary: 'A stand-in for OpenVZ 7, for tests only: its units and tools, over systemd-nspawn',
  vars: standinVars,

  async run({ nodes }) {
    await nodes.each(async (node) => {
      const { openvz_disk: disk } = node.vars
      await node.package({
        names: ['systemd-container', 'busybox-static', 'procps', ...(disk === undefined ? [] : ['lvm2'])],
      })
      if (disk === undefined) await node.directory({ path: '/vz' })
      else await volume(node, disk)
      for (const path of ['/vz/private', '/vz/root', '/etc/vz', '/etc/vz/conf', LIBEXEC])
        await node.directory({ path, follow: true })
      await node.file({ path: '/etc/vz/vz.conf' })
      await tools(node)
      for (const name of SERVICES) await node.service({ name, state: 'started', enabled: true })
    })
  },
})

type StandinNode = Node<z.output<typeof standinVars>>

/** As the installer of OpenVZ 7 leaves it: /vz on a volume of its own, in fstab. */
async function volume(node: StandinNode, disk: string): Promise<void> {
  const size = node.vars.openvz_size === undefined ? ['-l', '100%FREE'] : ['-L', node.vars.openvz_size]
  await node.command({
    run: ['sh', '-c', 'pvcreate "$1" && vgcreate openvz "$1"', 'sh', disk],
    unless: ['vgs', 'openvz'],
  })
  await node.command({
    run: ['lvcreate', '--yes', '--wipesignatures', 'y', '--name', 'vz', ...size, 'openvz'],
    creates: VOLUME,
  })
  await node.mkfs({ device: VOLUME, type: 'ext4' })
  await node.directory({ path: '/vz' })
  await node.fstab({
    spec: VOLUME,
    mountpoint: '/vz',
    type: 'ext4',
    options: ['defaults', 'noatime', 'lazytime'],
    dump: 1,
    pass: 2,
  })
  await node.command({ run: ['mount', '/vz'], unless: ['mountpoint', '-q', '/vz'] })
}

async function tools(node: StandinNode): Promise<void> {
  await Promise.all([
    node.command(
      { run: ['sh', '-c', ROOTFS, 'sh', `${LIBEXEC}/rootfs`], creates: `${LIBEXEC}/rootfs/etc/os-release` },
      { name: 'rootfs of its containers' },
    ),
    ...['vzctl', 'vzlist'].map((name) =>
      node.file({ path: `/usr/sbin/${name}`, source: name, mode: '0755' }),
    ),
    node.file({ path: '/usr/bin/prlctl', source: 'prlctl', mode: '0755' }),
    ...['common', 'vz', 'dispatcher'].map((name) =>
      node.file({ path: `${LIBEXEC}/${name}`, source: name, mode: '0755' }),
    ),
    ...Object.entries(units).map(([name, content]) =>
      node.file({ path: `/etc/systemd/system/${name}`, content }),
    ),
  ])
  await node.file({ path: `${LIBEXEC}/rootfs/sbin/init`, source: 'ct-init', mode: '0755' })
  await node.daemon_reload({})
}
