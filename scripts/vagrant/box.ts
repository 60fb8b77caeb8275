import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { baseLock, ensureBase } from '../lab/base.ts'
import type { Builder } from '../lab/base.ts'
import { cached, keyOf } from '../lab/cache.ts'
import { withLock } from '../lab/lock.ts'
import { ensureImage } from '../lab/vm/image.ts'
import { mountDisk, unmountDisk } from '../lab/vm/mounted_disk.ts'
import { warmLayers } from '../lab/warm.ts'

/**
 * A box for vagrant-libvirt, made of Debian's packages: boots by itself, with Debian's own kernel. For machines that
 * reach no public box.
 *
 * @param installed packages that its machines come with, as the lab's `installed`
 * @returns its path
 */
export async function ensureBox(installed: readonly string[], builder: Builder): Promise<string> {
  return withLock(baseLock('bookworm', 'vms'), async () => {
    const base = await ensureBase('bookworm', 'vms', builder)
    const image = await ensureImage(base, await warmLayers(base, installed, builder), installed, builder)
    const name = `box-${keyOf([image, FURNISH, METADATA])}`
    const folder = await cached(base.folder, name, name, async (into) => {
      builder.say('making a Vagrant box of Debian 12 (once a week at most)')
      await makeBox(image, into, builder)
    })
    return join(folder, 'bookworm.box')
  })
}

async function makeBox(image: string, into: string, builder: Builder): Promise<void> {
  const { local } = builder
  const disk = join(into, 'disk')
  const mounted = join(into, 'mounted')
  await mkdir(mounted)
  await local()`cp --sparse=always ${image} ${disk}`
  await mountDisk(disk, mounted, builder)
  try {
    await local({ input: FURNISH })`sh -s ${mounted}`
  } finally {
    await unmountDisk(disk, mounted, builder)
  }
  await local()`qemu-img convert -O qcow2 ${disk} ${join(into, 'box.img')}`
  await writeFile(join(into, 'metadata.json'), JSON.stringify(METADATA))
  await writeFile(join(into, 'Vagrantfile'), '')
  await local()`tar -C ${into} -cf ${join(into, 'bookworm.box')} box.img metadata.json Vagrantfile`
  await Promise.all([disk, mounted, join(into, 'box.img')].map((path) => rm(path, { recursive: true })))
}

const METADATA = { provider: 'libvirt', format: 'qcow2', virtual_size: 6 }

/**
 * What Vagrant expects of a box: its user, its first key (which it replaces), and an address for the first card. Host keys
 * are made at the first boot, so that no two machines have the same.
 */
const FURNISH = `set -eu
root=$1
chroot "$root" useradd --create-home --shell /bin/bash vagrant
echo 'vagrant ALL=(ALL:ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/vagrant"
chmod 0440 "$root/etc/sudoers.d/vagrant"
install -d -m 0700 "$root/home/vagrant/.ssh"
install -m 0600 "$(dpkg -L vagrant | grep '/keys/vagrant.pub$')" "$root/home/vagrant/.ssh/authorized_keys"
chroot "$root" chown -R vagrant: /home/vagrant/.ssh
printf '[Match]\\nName=eth0\\n\\n[Network]\\nDHCP=ipv4\\n\\n[DHCPv4]\\nUseDNS=no\\nClientIdentifier=mac\\n' > "$root/etc/systemd/network/10-eth0.network"
chroot "$root" systemctl --quiet enable systemd-networkd.service
printf '[Unit]\\nBefore=ssh.service\\n\\n[Service]\\nType=oneshot\\nExecStart=/usr/bin/ssh-keygen -A\\n\\n[Install]\\nWantedBy=multi-user.target\\n' > "$root/etc/systemd/system/host-keys.service"
chroot "$root" systemctl --quiet enable host-keys.service
`
