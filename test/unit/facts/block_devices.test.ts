import { expect, test } from 'vitest'
import { parseBlockDevices } from '../../../src/facts/block_devices.ts'

// lsblk 2.23 of EL 7 on a machine with OpenVZ: a partitioned disk, LVM, a DRBD device on a volume, a DVD drive.
const devices = String.raw`
NAME="/dev/sda" KNAME="/dev/sda" PKNAME="" MAJ:MIN="8:0" TYPE="disk" SIZE="64424509440" RO="0" FSTYPE="" UUID="" LABEL="" MOUNTPOINT=""
NAME="/dev/sda1" KNAME="/dev/sda1" PKNAME="/dev/sda" MAJ:MIN="8:1" TYPE="part" SIZE="1073741824" RO="0" FSTYPE="ext4" UUID="2a86fc21-0b6c-4ba8-a1ab-7e56b5b0e2f4" LABEL="" MOUNTPOINT="/boot"
NAME="/dev/sda2" KNAME="/dev/sda2" PKNAME="/dev/sda" MAJ:MIN="8:2" TYPE="part" SIZE="63349719040" RO="0" FSTYPE="LVM2_member" UUID="Xq2l0m" LABEL="" MOUNTPOINT=""
NAME="/dev/mapper/open--vz-root" KNAME="/dev/dm-0" PKNAME="/dev/sda2" MAJ:MIN="253:0" TYPE="lvm" SIZE="10737418240" RO="0" FSTYPE="ext4" UUID="11" LABEL="r\x20\xc3\xb6\x22ot" MOUNTPOINT="/"
NAME="/dev/mapper/open--vz-swap" KNAME="/dev/dm-1" PKNAME="/dev/sda2" MAJ:MIN="253:1" TYPE="lvm" SIZE="2147483648" RO="0" FSTYPE="swap" UUID="22" LABEL="" MOUNTPOINT="[SWAP]"
NAME="/dev/mapper/open--vz-vz" KNAME="/dev/dm-2" PKNAME="/dev/sda2" MAJ:MIN="253:2" TYPE="lvm" SIZE="50465865728" RO="0" FSTYPE="" UUID="" LABEL="" MOUNTPOINT=""
NAME="/dev/drbd0" KNAME="/dev/drbd0" PKNAME="/dev/dm-2" MAJ:MIN="147:0" TYPE="disk" SIZE="50464292864" RO="1" FSTYPE="" UUID="" LABEL="" MOUNTPOINT=""
NAME="/dev/sdb" KNAME="/dev/sdb" PKNAME="" MAJ:MIN="8:16" TYPE="disk" SIZE="1073741824" RO="0" FSTYPE="linux_raid_member" UUID="" LABEL="" MOUNTPOINT=""
NAME="/dev/md0" KNAME="/dev/md0" PKNAME="/dev/sdb" MAJ:MIN="9:0" TYPE="raid1" SIZE="1072693248" RO="0" FSTYPE="" UUID="" LABEL="" MOUNTPOINT=""
NAME="/dev/md0" KNAME="/dev/md0" PKNAME="/dev/sdc" MAJ:MIN="9:0" TYPE="raid1" SIZE="1072693248" RO="0" FSTYPE="" UUID="" LABEL="" MOUNTPOINT=""
NAME="/dev/sr0" KNAME="/dev/sr0" PKNAME="" MAJ:MIN="11:0" TYPE="rom" SIZE="0" RO="0" FSTYPE="" UUID="" LABEL="" MOUNTPOINT=""
NAME="/dev/zram0" KNAME="/dev/zram0" PKNAME="" MAJ:MIN="252:0" TYPE="disk" SIZE="0" RO="0" FSTYPE="" UUID="" LABEL="" MOUNTPOINT=""
`.split('\n')

const signatures = String.raw`DEVNAME=/dev/sda
PTUUID=0ab1
PTTYPE=dos

DEVNAME=/dev/mapper/open--vz-vz
UUID=33
VERSION=v09
TYPE=drbd
USAGE=raid
`

const mounts = [
  '22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/open--vz-root rw',
  '30 22 8:1 / /boot rw,relatime shared:2 - ext4 /dev/sda1 rw',
  String.raw`31 22 8:1 / /mnt/a\040b rw,relatime shared:3 - ext4 /dev/sda1 rw`,
]

test('devices are joined with what is on them and where they are mounted', () => {
  const found = parseBlockDevices(devices, signatures, mounts)
  const rows = found.map(({ path, type, signature, label, parent, readOnly, mountpoints }) =>
    [path, type, signature, label, parent, readOnly ? 'ro' : 'rw', mountpoints.join(' + ')].join(' | '),
  )
  expect(rows).toMatchInlineSnapshot(`
    [
      "/dev/sda | disk | dos |  |  | rw | ",
      "/dev/sda1 | part | ext4 |  | /dev/sda | rw | /boot + /mnt/a b",
      "/dev/sda2 | part | LVM2_member |  | /dev/sda | rw | ",
      "/dev/open-vz/root | lvm | ext4 | r ö"ot | /dev/sda2 | rw | /",
      "/dev/open-vz/swap | lvm | swap |  | /dev/sda2 | rw | [SWAP]",
      "/dev/open-vz/vz | lvm | drbd |  | /dev/sda2 | rw | ",
      "/dev/drbd0 | drbd |  |  | /dev/open-vz/vz | ro | ",
      "/dev/sdb | disk | linux_raid_member |  |  | rw | ",
      "/dev/md0 | raid |  |  | /dev/sdb | rw | ",
      "/dev/sr0 | rom |  |  |  | rw | ",
    ]
  `)
})

test('without lsblk, the kernel tells at least which there are', () => {
  const lines = [
    'NAME="/dev/vda" KNAME="/dev/vda" PKNAME="" MAJ:MIN="254:0" TYPE="disk" SIZE="1024" RO="0"',
    'NAME="/dev/vda1" KNAME="/dev/vda1" PKNAME="/dev/vda" MAJ:MIN="254:1" TYPE="part" SIZE="512" RO="0"',
  ]
  expect(parseBlockDevices(lines, 'DEVNAME=/dev/vda1\nTYPE=xfs\n', [])).toMatchObject([
    { path: '/dev/vda', parent: null, size: 1024, signature: null },
    { path: '/dev/vda1', parent: '/dev/vda', type: 'part', signature: 'xfs' },
  ])
})
