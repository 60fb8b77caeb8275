import { expect, test } from 'vitest'
import { attachedDisks } from '../../../src/devices/attached.ts'
import { identityOf } from '../../../src/devices/identity.ts'

test.each<[string, string[], string]>([
  ['a disk with a serial number', ['part ', 'dm ', 'serial spare', 'model '], 'serial spare'],
  [
    'a SCSI disk, told by three sources',
    ['wwid naa.5000c500', 'wwid 0x5000c500', 'serial WD-1', 'serial WD-1', 'model WD40'],
    'wwid naa.5000c500, wwid 0x5000c500, serial WD-1',
  ],
  ['a partition of one', ['part 2', 'serial WD-1'], 'serial WD-1, partition 2'],
  ['a logical volume', ['dm LVM-abc', 'part '], 'dm LVM-abc'],
  ['a loop device', ['loop /srv/disk one.img'], 'loop /srv/disk one.img'],
  ['a disk that nothing tells from others', ['part ', 'serial '], 'number 254:16'],
])('%s', (_what, lines, identity) => {
  expect(identityOf(lines, '254:16').identity).toBe(identity)
})

test('the model is for people, and no part of the identity', () => {
  expect(identityOf(['model QEMU HARDDISK ', 'serial 1'], '8:0')).toEqual({
    identity: 'serial 1',
    model: 'QEMU HARDDISK',
  })
})

const SHOW_8_4 = `resource r0 {
    options {
    }
    net {
        max-buffers      8000;
    }
    _remote_host {
        address ipv4 192.168.111.102:7788;
    }
    _this_host {
        address ipv4 192.168.111.101:7788;
        volume 0 {
            device minor 0;
            disk "/dev/vdb";
            meta-disk internal;
            disk {
                on-io-error      detach;
            }
        }
        volume 1 {
            device minor 1;
            disk "/dev/disk/by-id/virtio-two";
            meta-disk internal;
        }
    }
}
`

test('the disks that DRBD has attached, by their numbers', () => {
  const nine = `resource "other" {
    _this_host {
        node-id 0;
        volume 0 {
            device minor 5;
            disk "/dev/vg/lv";
            meta-disk internal;
        }
    }
    connection {
        _peer_node_id 1;
    }
}
`
  const numbers = ['254:16 /dev/vdb', '254:32 /dev/disk/by-id/virtio-two', '253:0 /dev/vg/lv']
  expect([...attachedDisks(SHOW_8_4 + nine, numbers)]).toEqual([
    ['254:16', { resource: 'r0', volume: 0 }],
    ['254:32', { resource: 'r0', volume: 1 }],
    ['253:0', { resource: 'other', volume: 0 }],
  ])
  expect(attachedDisks('', []).size).toBe(0)
})
