import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { Consent } from '../../../src/inventory/consent.ts'
import { drbd_metadata } from '../../../src/operations/drbd_metadata.ts'
import { mkfs } from '../../../src/operations/mkfs.ts'
import { gpt, luks, lvmLabel, raidSuperblock, someData } from '../../support/disk_contents.ts'
import { labDisk } from '../../support/lab_disks.ts'
import type { LabDisk } from '../../support/lab_disks.ts'
import { labNode } from '../../support/lab_node.ts'
import type { LabNode } from '../../support/lab_node.ts'
import { errorsOf } from '../../support/project.ts'

const MIB = 1024 * 1024
const SIZE = 16 * MIB
const LARGE = 320 * MIB

let lab: Lab
let node: LabNode
let small: LabDisk
let large: LabDisk
/** What may be destroyed in the test that runs. */
const consents: Consent[] = []
const consent = (device: string): void => void consents.push({ device, from: `--destroy server1:${device}` })

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, warm: ['drbd-utils', 'xfsprogs'] })
  node = await labNode(lab, 'server1', {}, consents)
  await node.sh(
    'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends drbd-utils xfsprogs',
  )
  small = await labDisk(lab, 'server1', '/dev/vdb', SIZE)
  large = await labDisk(lab, 'server1', '/dev/vdc', LARGE)
})
afterAll(async () => {
  await small?.close()
  await large?.close()
  await node?.close()
  await lab?.down()
})
beforeEach(() => void consents.splice(0))

interface Wanted {
  device?: string
  driver?: '8.4' | '9'
  node_id?: number
  max_peers?: number
  foreign?: boolean
}
const metadata = (wanted: Wanted = {}) => ({
  resource: 'r0',
  minor: 0,
  device: '/dev/vdb',
  driver: '9' as const,
  node_id: 0,
  max_peers: 1,
  ...wanted,
})
const make = (wanted?: Wanted) => node.perform(drbd_metadata, metadata(wanted))
const createMd = (device: string, format: 'v08' | 'v09', peers = '') =>
  node.sh(`drbdmeta 0 ${format} ${device} internal create-md ${peers} </dev/null`)

/** The refusal, from a run that must not have changed a byte of the disk. */
async function refused(disk: LabDisk, attempt: () => Promise<unknown>): Promise<string> {
  const before = await disk.digest()
  const report = await errorsOf(attempt)
  expect(await disk.digest()).toBe(before)
  return report
}

/** Everything that a disk may hold, and what is said of it. */
const contents: Record<string, { fill: () => Promise<unknown>; holds: RegExp }> = {
  'an ext4': {
    fill: async () => {
      await small.fill()
      await node.sh('mkfs.ext4 -q -L precious /dev/vdb')
    },
    holds: /ext4 "precious", UUID [0-9a-f-]{36}/,
  },
  'swap space': {
    fill: async () => {
      await small.fill()
      await node.sh('mkswap /dev/vdb')
    },
    holds: /swap, UUID/,
  },
  'an LVM physical volume': { fill: () => small.fill({ at: 0, bytes: lvmLabel() }), holds: /LVM2_member/ },
  'a LUKS container': { fill: () => small.fill({ at: 0, bytes: luks() }), holds: /crypto_LUKS/ },
  'a part of a RAID': {
    fill: () => small.fill({ at: 4096, bytes: raidSuperblock() }),
    holds: /linux_raid_member/,
  },
  'a partition table': { fill: () => small.fill({ at: 0, bytes: gpt(SIZE) }), holds: /gpt/ },
  'data behind a head of zeros': {
    fill: () => small.fill({ at: MIB, bytes: someData(MIB) }),
    holds: /data of a kind that is not known/,
  },
  'one byte in its middle': {
    fill: () => small.fill({ at: 11 * MIB, bytes: Buffer.from([1]) }),
    holds: /data of a kind that is not known/,
  },
  'DRBD metadata of 8.4': {
    fill: async () => {
      await small.fill()
      await createMd('/dev/vdb', 'v08')
    },
    holds: /drbd/,
  },
}

describe.each(Object.entries(contents))('%s', (_what, { fill, holds }) => {
  test('is left as it is, and told; destroyed where that was consented to, and only once', async () => {
    await fill()
    const report = await refused(small, make)
    expect(report).toMatch(/\[DESTROY_NEEDS_CONSENT\]/)
    expect(report).toMatch(holds)
    expect(report).toContain('--destroy server1:/dev/vdb')
    expect(await refused(small, () => node.check(drbd_metadata, metadata()))).toBe(report)

    consent('/dev/vdb')
    expect((await make()).changed).toBe(true)
    expect(await node.sh('wipefs -n -p /dev/vdb | grep -c ,')).toBe('1')
    expect(await node.sh('blkid -p -s TYPE -s VERSION -o export /dev/vdb | sort')).toMatch(
      /TYPE=drbd\nVERSION=v09/,
    )
    const made = await small.digest()
    expect((await make()).changed).toBe(false)
    expect(await small.digest()).toBe(made)
  })
})

describe('metadata', () => {
  test('are made on a blank disk without a question, for both drivers', async () => {
    for (const driver of ['8.4', '9'] as const) {
      await small.fill()
      expect((await make({ driver })).changed).toBe(true)
      expect((await make({ driver })).changed).toBe(false)
      const format = driver === '9' ? 'v09' : 'v08'
      expect(
        await node.sh(`drbdmeta 0 ${format} /dev/vdb internal dump-md </dev/null | grep ^version`),
      ).toContain(format)
    }
  })

  test('of the same place and format are kept, though consent was given and they hold data of another time', async () => {
    consent('/dev/vdb')
    for (const [driver, format] of [
      ['8.4', 'v08'],
      ['9', 'v09'],
    ] as const) {
      await small.fill({ at: 2 * MIB, bytes: someData(MIB) })
      await node.sh('mkfs.ext4 -q -F /dev/vdb 8M')
      await node.sh(`drbdmeta --force 0 ${format} /dev/vdb internal create-md ${format === 'v09' ? 1 : ''}`)
      const before = await small.digest()
      expect((await make({ driver })).changed).toBe(false)
      expect(await small.digest()).toBe(before)
    }
  })

  test('of another node, or of the other format, are destroyed by consent only', async () => {
    await small.fill()
    await createMd('/dev/vdb', 'v09', '1')
    await node.sh(`drbdmeta 0 v09 /dev/vdb internal dump-md </dev/null | sed 's/^node-id -1/node-id 5/' >/tmp/md
drbdmeta --force 0 v09 /dev/vdb internal restore-md /tmp/md`)
    expect(await refused(small, make)).toContain('has DRBD metadata of another node, resource or format')
    expect(await refused(small, () => make({ driver: '8.4' }))).toContain('DESTROY_NEEDS_CONSENT')
    expect(await refused(small, () => make({ node_id: 5, max_peers: 3 }))).toContain(
      'have room for 1 peers, not 3',
    )
    expect((await make({ node_id: 5 })).changed).toBe(false)
    consent('/dev/vdb')
    expect((await make()).changed).toBe(true)
  })

  test.each([
    ['8.4', 'v08'],
    ['9', 'v09'],
  ] as const)(
    'of a disk that lost power are kept, too (%s); where they are known to be of other data, by consent only',
    async (driver, format) => {
      await small.fill()
      await createMd('/dev/vdb', format, format === 'v09' ? '1' : '')
      // Without "activity log is clean" (MDF_AL_CLEAN), as a primary leaves it that is cut off.
      await node.sh(`drbdmeta 0 ${format} /dev/vdb internal dump-md </dev/null |
sed 's/0x0000000000000004/0x1BF6362B1D8A5D0A/; s/flags 0x0000008./flags 0x00000013/' >/tmp/md
drbdmeta --force 0 ${format} /dev/vdb internal restore-md /tmp/md
drbdmeta 0 ${format} /dev/vdb internal dump-md 2>&1 </dev/null | grep -q unclean`)
      const before = await small.digest()
      expect((await make({ driver })).changed).toBe(false)
      expect(await refused(small, () => make({ driver, foreign: true }))).toContain('DESTROY_NEEDS_CONSENT')
      expect(await small.digest()).toBe(before)
      consent('/dev/vdb')
      expect((await make({ driver, foreign: true })).changed).toBe(true)
    },
  )
})

describe('consent', () => {
  test('does not help where the disk is in use', async () => {
    await small.fill()
    await node.sh('mkfs.ext4 -q /dev/vdb; mkdir -p "/srv/in use"; mount -o ro /dev/vdb "/srv/in use"')
    consent('/dev/vdb')
    const report = await refused(small, make)
    expect(report).toContain('/dev/vdb of server1 is in use; nothing was written to it [REFUSED]')
    expect(report).toContain('mounted on /srv/in use')
    expect(report).not.toContain('--destroy')
    await node.sh('umount "/srv/in use"')
  })

  test('follows links to the disk, and is for no other one', async () => {
    await small.fill({ at: 0, bytes: someData(MIB) })
    await node.sh(
      'mkdir -p /dev/disk/by-id; ln -sf /dev/vdb /dev/disk/by-id/spare; ln -sf /dev/vdc /dev/disk/by-id/other',
    )
    for (const device of ['/dev/disk/by-id/other', '/dev/vdc', '/dev/nothing', '/dev/vd']) consent(device)
    expect(await refused(small, make)).toContain('DESTROY_NEEDS_CONSENT')
    consent('/dev/disk/by-id/spare')
    expect((await make()).changed).toBe(true)
  })

  test('to a partition is none to its disk, nor the other way round', async () => {
    await small.fill({ at: 0, bytes: gpt(SIZE) }, { at: MIB, bytes: someData(MIB) })
    const [partition = ''] = await small.partitions()
    expect(partition).toBe(`/dev/${small.kernelName}p1`)
    consent(partition)
    const report = await refused(small, make)
    expect(report).toContain('DESTROY_NEEDS_CONSENT')
    expect(report).toContain(`partition ${partition}`)
    consents.splice(0)
    consent('/dev/vdb')
    expect(await refused(small, () => make({ device: partition }))).toContain('DESTROY_NEEDS_CONSENT')

    await node.sh(`mkfs.ext4 -q -F ${partition}; mkdir -p /srv/part; mount -o ro ${partition} /srv/part`)
    expect(await refused(small, make)).toContain('mounted on /srv/part')
    await node.sh('umount /srv/part')
    expect((await make()).changed).toBe(true)
  })
})

test('what is no disk is told', async () => {
  expect(await errorsOf(() => make({ device: '/dev/nothing' }))).toContain(
    'there is no /dev/nothing on server1',
  )
  await node.sh('truncate -s 64M /dev/file')
  expect(await errorsOf(() => make({ device: '/dev/file' }))).toContain('/dev/file is no block device')
  expect(await errorsOf(() => make({ device: '/dev/null' }))).toContain('/dev/null is no block device')
})

test('a disk too large to be read in full is looked at in many places', async () => {
  await large.fill({ at: 100 * MIB, bytes: someData(20 * MIB) })
  expect(await refused(large, () => make({ device: '/dev/vdc' }))).toContain(
    'data of a kind that is not known',
  )
  await large.fill()
  expect((await make({ device: '/dev/vdc' })).changed).toBe(true)
})

describe('a file system', () => {
  const on = (type: 'ext4' | 'xfs', label?: string) => () =>
    node.perform(mkfs, { device: '/dev/vdc', type, ...(label === undefined ? {} : { label }) })

  test('is made on a blank disk, once; over another one only by consent', async () => {
    await large.fill()
    expect((await on('ext4', 'data')()).changed).toBe(true)
    expect(await node.sh('blkid -p -s TYPE -s LABEL -o export /dev/vdc | sort')).toContain(
      'LABEL=data\nTYPE=ext4',
    )
    consent('/dev/vdc')
    const made = await large.digest()
    expect((await on('ext4')()).changed).toBe(false)
    expect(await large.digest()).toBe(made)

    consents.splice(0)
    const report = await refused(large, on('xfs'))
    expect(report).toContain('/dev/vdc holds ext4 "data", not xfs')
    expect(report).toContain('--destroy server1:/dev/vdc')
    consent('/dev/vdc')
    expect((await on('xfs')()).changed).toBe(true)
    expect(await node.sh('blkid -p -s TYPE -o value /dev/vdc')).toBe('xfs')
    expect((await on('xfs')()).changed).toBe(false)
  })

  test('is not made where other data are, nor over what is mounted', async () => {
    await large.fill({ at: 3 * MIB, bytes: someData(MIB) })
    expect(await refused(large, on('ext4'))).toContain('data of a kind that is not known')
    await large.fill()
    await on('ext4')()
    await node.sh('mount -o ro /dev/vdc /mnt')
    consent('/dev/vdc')
    expect(await refused(large, on('xfs'))).toContain('is in use: mounted on /mnt')
    await node.sh('umount /mnt')
  })

  test('is never forced', async () => {
    await expect(async () =>
      node.perform(mkfs, { device: '/dev/vdc', type: 'xfs', options: ['-f'] }),
    ).rejects.toThrow('mkfs is never forced')
  })
})
