import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { parseRecord } from '../../src/drbd/split_brain/saved_record.ts'
import { packageOperation } from '../../src/operations/package.ts'
import type { RunResult } from '../support/bringup.ts'
import { engineProject } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { labDisk } from '../support/lab_disks.ts'
import type { LabDisk } from '../support/lab_disks.ts'
import { labNode } from '../support/lab_node.ts'
import type { LabNode } from '../support/lab_node.ts'

const DISK = '/dev/sdx'
const SIZE = 64 * 1024 * 1024
/** Of the volume: what its metadata say, less than the disk. */
const SECTORS = 130000
const TO = '/srv/saved'

let lab: Lab
let node: LabNode
let disk: LabDisk

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, warm: ['drbd-utils'] })
  node = await labNode(lab, 'server1')
  await node.perform(packageOperation, { names: ['drbd-utils'], recommends: false })
  disk = await labDisk(lab, 'server1', DISK, SIZE)
  // There is no module in a container: drbdadm is told which one to think of.
  await node.sh(`mv /sbin/drbdadm /sbin/drbdadm.own
    printf '#!/bin/sh\\nDRBD_DRIVER_VERSION_OVERRIDE=9.2.16 exec /sbin/drbdadm.own "$@"\\n' >/sbin/drbdadm
    chmod 755 /sbin/drbdadm
    cat >/etc/drbd.d/r0.res <<'END'
resource r0 {
  volume 0 { device /dev/drbd0; disk ${DISK}; meta-disk internal; }
  on server1 { node-id 1; address 192.168.53.11:7788; }
  on server2 { node-id 0; address 192.168.53.12:7788; }
}
END`)
})
afterAll(async () => {
  await disk?.close()
  await node?.close()
  await lab?.down()
})

/** Metadata in which these blocks of 4 KiB differ from the peer's, as drbdmeta itself writes them. */
async function metadata(blocks: readonly number[]): Promise<void> {
  const words = Array.from({ length: Math.ceil(SECTORS / 8 / 64) }, () => 0n)
  for (const block of blocks) words[Math.floor(block / 64)]! |= 1n << BigInt(block % 64)
  const bitmap = words.map((word) => `0x${word.toString(16).toUpperCase().padStart(16, '0')};`).join('\n')
  const peers = Array.from({ length: 32 }, (_, at) =>
    at === 0
      ? 'peer[0] { bitmap-index 0; bitmap-uuid 0x5A5B1BEA3FC4D2A2; bitmap-dagtag 0x0000000000000000; flags 0x00000000; }'
      : `peer[${at}] { bitmap-index -1; bitmap-uuid 0x0000000000000000; bitmap-dagtag 0x0000000000000000; flags 0x00000000; }`,
  )
  const dump = `version "v09"; max-peers 1; node-id 1; current-uuid 0xE0FD0D7172002958; flags 0x00000080;
${peers.join('\n')}
history-uuids { ${'0x0000000000000000; '.repeat(32)} }
la-size-sect ${SECTORS}; bm-byte-per-bit 4096; device-uuid 0x0000000000000000; la-peer-max-bio-size 0;
al-stripes 1; al-stripe-size-4k 8;
bitmap[0] { ${bitmap} }
`
  await node.remote.run('cat >/tmp/dump', { stdin: dump })
  await node.sh(`drbdmeta --force - v09 ${DISK} internal create-md 1 </dev/null
    drbdmeta --force - v09 ${DISK} internal restore-md /tmp/dump </dev/null`)
}

/** A role that does nothing else than to save server1's r0. */
function saver(settings: { readonly what?: 'changes' | 'disk'; readonly to?: string } = {}): EngineProject {
  const { what = 'changes', to = TO } = settings
  const path = (file: string): string => JSON.stringify(new URL(`../../${file}`, import.meta.url).pathname)
  return engineProject(lab, {
    save: `  async run({ nodes }) {
    const { saveVictim } = await import(${path('roles/heal_split_brain/save.ts')})
    const { declared } = await import(${path('test/unit/drbd/declared.ts')})
    const resource = declared({
      nodes: [
        { name: 'server1', node_id: 1, address: '192.168.53.11' },
        { name: 'server2', node_id: 0, address: '192.168.53.12' },
      ],
      volumes: [{ volume: 0, minor: 0, disks: { server1: '${DISK}', server2: '${DISK}' } }],
    })
    const heal = { kind: 'heal', victim: 'server1', survivors: ['server2'], overwrites: 'changes', steps: [] }
    await saveVictim(nodes.first, { resource, heal, what: '${what}', to: '${to}' })
  },`,
  })
}

const errorOf = ({ events }: RunResult) =>
  events.flatMap((event) => (event.type === 'task_end' && event.error !== undefined ? [event.error] : []))[0]
const folders = async (): Promise<string[]> =>
  (await node.sh(`ls ${TO} 2>/dev/null || true`)).split('\n').filter(Boolean)
/** Of the bytes of a block of 4 KiB. */
const block = (path: string, at: number): Promise<string> =>
  node.sh(`dd if=${path} bs=4096 skip=${at} count=1 iflag=direct status=none | sha256sum`)
const dirty = (at: number): Promise<string> =>
  node.sh(`head -c 4096 /dev/urandom | dd of=${DISK} bs=4096 seek=${at} oflag=direct status=none`)

const BLOCKS = [0, 5, 6, 7, 64, 9000, 16249]

beforeEach(async () => {
  await node.sh(`rm -rf ${TO}`)
  await disk.fill({ at: 0, bytes: randomBytes(SECTORS * 512) })
  await metadata(BLOCKS)
})

test('what the bitmap names is saved, each block where it was, and again nothing is to be done', async () => {
  const project = saver()
  const { exitCode, changed, output } = await project.run()
  expect(exitCode, output).toBe(0)
  expect(changed).toEqual(['server1 what only server1 has of r0 is saved'])
  const [folder = ''] = await folders()
  const at = `${TO}/${folder}`
  expect(folder).toMatch(/^r0-\d{8}T\d{6}Z$/)
  expect(await node.sh(`stat -c '%a %s' ${at}/volume-0.img; stat -c %a ${at} ${at}/saved.json`)).toBe(
    `600 ${SECTORS * 512}\n700\n600`,
  )
  expect(await node.sh(`cat ${at}/volume-0.ranges`)).toBe(
    `0 4096\n20480 12288\n262144 4096\n36864000 4096\n${16249 * 4096} ${SECTORS * 512 - 16249 * 4096}`,
  )
  for (const one of BLOCKS.slice(0, -1))
    expect(await block(`${at}/volume-0.img`, one)).toBe(await block(DISK, one))
  // Holes: of 62 MiB there are seven blocks.
  expect(Number(await node.sh(`stat -c %b ${at}/volume-0.img`))).toBeLessThan(200)
  expect(parseRecord(await node.sh(`cat ${at}/saved.json`))).toMatchObject({
    resource: 'r0',
    victim: 'server1',
    survivors: ['server2'],
    what: 'changes',
    volumes: [{ volume: 0, disk: DISK, size: SECTORS * 512, ranges: 5 }],
  })
  const before = await node.sh(`find ${TO} -type f -printf '%p %T@\\n' | sort`)
  expect((await project.run()).changed).toEqual([])
  expect(await node.sh(`find ${TO} -type f -printf '%p %T@\\n' | sort`)).toBe(before)
})

describe('a save that is finished stays, and another is made', () => {
  test.for([
    ['a block that was saved is another now', () => dirty(64)],
    [
      'one more block was written',
      async () => {
        await dirty(100)
        await metadata([...BLOCKS, 100])
      },
    ],
  ] as const)('%s', async ([, change]) => {
    const project = saver()
    expect((await project.run()).exitCode).toBe(0)
    const [first = ''] = await folders()
    const digest = await node.sh(`cat ${TO}/${first}/* | sha256sum`)
    await change()
    // Folders are told apart by the second.
    await node.sh('sleep 1.1')
    const { exitCode, output } = await project.run()
    expect(exitCode, output).toBe(0)
    const all = await folders()
    expect(all).toHaveLength(2)
    expect(await node.sh(`cat ${TO}/${first}/* | sha256sum`)).toBe(digest)
    expect(await block(`${TO}/${all[1]}/volume-0.img`, 64)).toBe(await block(DISK, 64))
    expect((await project.run()).changed).toEqual([])
  })

  test('only some blocks are there, and all of the disk is wanted', async () => {
    expect((await saver().run()).exitCode).toBe(0)
    await node.sh('sleep 1.1')
    const { exitCode, output } = await saver({ what: 'disk' }).run()
    expect(exitCode, output).toBe(0)
    const [, whole = ''] = await folders()
    expect(await node.sh(`cmp -n ${SECTORS * 512} ${DISK} ${TO}/${whole}/volume-0.img && echo equal`)).toBe(
      'equal',
    )
    // Which is enough for both.
    expect((await saver().run()).changed).toEqual([])
  })
})

test('one that was never finished is begun anew, in its folder', async () => {
  const project = saver()
  expect((await project.run()).exitCode).toBe(0)
  const [first = ''] = await folders()
  await node.sh(`cd ${TO}/${first} && rm saved.json && truncate -s 1M volume-0.img && : >volume-0.ranges`)
  const { exitCode, output } = await project.run()
  expect(exitCode, output).toBe(0)
  expect(await folders()).toEqual([first])
  expect(await block(`${TO}/${first}/volume-0.img`, 9000)).toBe(await block(DISK, 9000))
})

describe('refused, with nothing that counts as saved', () => {
  test('without room', async () => {
    const small = await labDisk(lab, 'server1', '/dev/sdy', 8 * 1024 * 1024)
    await node.sh(`mkdir -p ${TO} && mkfs.ext4 -q -F /dev/sdy && mount /dev/sdy ${TO}`)
    try {
      const ended = await saver({ what: 'disk' }).run()
      expect(ended.exitCode).toBe(2)
      expect(errorOf(ended)).toMatchObject({
        code: 'REFUSED',
        message: `${TO} has no room for what is to be saved`,
      })
      expect(errorOf(ended)?.remedy).toContain('heal_save=false')
      expect(await node.sh(`ls ${TO}/*/saved.json 2>/dev/null || true`)).toBe('')
      // What the bitmap names has.
      expect((await saver().run()).exitCode).toBe(0)
    } finally {
      await node.sh(`umount ${TO}`)
      await small.close()
    }
  })

  test('where a reboot would take it', async () => {
    const ended = await saver({ to: '/run/saved' }).run()
    expect(errorOf(ended)).toMatchObject({ code: 'REFUSED', message: '/run/saved does not outlive a reboot' })
  })

  test('where the disk cannot be read', async () => {
    await node.sh(`mv ${DISK} ${DISK}.away`)
    const ended = await saver().run()
    await node.sh(`mv ${DISK}.away ${DISK}; true`)
    expect(ended.exitCode).toBe(2)
    expect(errorOf(ended)?.message).toContain('read the bitmaps of r0')
  })

  test('where there are no metadata', async () => {
    await disk.fill()
    const ended = await saver().run()
    expect(ended.exitCode).toBe(2)
    expect(await node.sh(`ls ${TO}/*/saved.json 2>/dev/null || true`)).toBe('')
  })
})
