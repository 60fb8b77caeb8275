import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bytes } from '../../../src/connection/remote.ts'
import type { Base, Builder } from '../base.ts'
import { cached, keyOf } from '../cache.ts'
import { mountLayers } from '../mounts.ts'
import { installInto } from './install.ts'
import { mountDisk, PARTITION, unmountDisk } from './mounted_disk.ts'

/** Of a node's own disk; sparse, so that only what is written takes room. */
const SIZE: Bytes = 6 * 1024 ** 3

/** What extlinux boots: the kernel that Debian's links name, which tells all on the console that is kept. */
const BOOT = `DEFAULT linux
PROMPT 0
TIMEOUT 1
LABEL linux
  KERNEL /vmlinuz
  INITRD /initrd.img
  APPEND root=LABEL=root ro console=ttyS0 net.ifnames=0
`

/**
 * The initramfs holds what finds the disk. With every driver, DRBD's among them, it is to be made anew where DRBD is built,
 * which takes an emulated machine ten minutes.
 */
const INITRAMFS = `
echo MODULES=list >/etc/initramfs-tools/conf.d/lab
printf '%s\\n' virtio_pci virtio_blk virtio_scsi ahci ata_piix sd_mod ext4 >/etc/initramfs-tools/modules
update-initramfs -u -k all
`

/**
 * The image of a disk that boots by itself, made of a base with a kernel and of layers over it: one partition, ext4,
 * extlinux. Call it under the base's lock.
 * @param installed packages, whose files the layers bring
 */
export async function ensureImage(
  base: Base,
  layers: readonly string[],
  installed: readonly string[],
  builder: Builder,
): Promise<string> {
  const name = `image-${keyOf([layers, SIZE, BOOT, INITRAMFS, ...installed])}`
  const folder = await cached(base.folder, name, name, async (into) => {
    builder.say(`making the disk of ${base.recipe.release} for virtual machines (once a week at most)`)
    const tree = join(into, 'tree')
    await mkdir(tree)
    try {
      await mountLayers([...layers, base.root], tree)
      await makeDisk(tree, join(into, 'disk'), installed, builder)
    } finally {
      await builder.local({ nothrow: true })`umount ${tree}`
    }
  })
  return join(folder, 'disk')
}

async function makeDisk(
  tree: string,
  disk: string,
  installed: readonly string[],
  builder: Builder,
): Promise<void> {
  const { local } = builder
  await local()`truncate -s ${SIZE} ${disk}`
  await local({ input: `start=${PARTITION / 512}, type=83, bootable\n` })`sfdisk --quiet ${disk}`
  await local()`dd conv=notrunc bs=440 count=1 status=none if=/usr/lib/EXTLINUX/mbr.bin of=${disk}`
  // extlinux reads no ext4 of 64 bits.
  const features = '^64bit,^metadata_csum'
  const length = `${(SIZE - PARTITION) / 1024}k`
  await local()`mke2fs -q -F -t ext4 -L root -O ${features} -d ${tree} -E offset=${PARTITION} ${disk} ${length}`
  const mounted = `${disk}.mounted`
  await mkdir(mounted)
  await mountDisk(disk, mounted, builder)
  try {
    const folder = join(mounted, 'boot/extlinux')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'extlinux.conf'), BOOT)
    await local()`extlinux --install ${folder}`
    await local({ input: INITRAMFS })`chroot ${mounted} sh -eu`
    if (installed.length > 0) await installInto(mounted, installed, builder)
  } finally {
    await unmountDisk(disk, mounted, builder)
    await rm(mounted, { recursive: true, force: true })
  }
}
