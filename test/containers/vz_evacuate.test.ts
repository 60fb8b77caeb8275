import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { EVERYTHING, treeState, VZ_DEVICE as DEVICE } from '../support/vz_node.ts'
import { errorOf, phaseOf, vzPair } from '../support/vz_play.ts'
import type { VzPair } from '../support/vz_play.ts'

let lab: Lab
let pair: VzPair
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['rsync', 'attr', 'acl'] })
  pair = await vzPair(lab)
})
afterAll(async () => {
  await pair?.close()
  await lab?.down()
})

describe('evacuated and restored', () => {
  let before: string
  beforeAll(async () => {
    await pair.one.fresh(EVERYTHING)
    await pair.two.fresh('mkdir private')
    before = await treeState(pair.one, '/vz')
  })

  test('with consent it is copied with all that files have, compared, and the devices are blank', async () => {
    const ended = await pair.run()
    expect(ended.exitCode, ended.output).toBe(0)
    expect(await treeState(pair.one, '/srv/vz/vz')).toBe(before)
    expect(await phaseOf(pair.one)).toBe('evacuated')
    expect(await phaseOf(pair.two)).toBe('evacuated')
    for (const node of [pair.one, pair.two]) {
      expect(await node.sh(`wipefs -n -p ${DEVICE}; mountpoint -q /vz && echo mounted || true`)).toBe('')
      expect(await node.sh('readlink /etc/vz; cat /etc/vz.evacuated/conf/1.conf')).toBe(
        '/vz/etc-vz\nONBOOT=yes',
      )
      expect(await node.sh('grep vz /etc/fstab')).toBe(`#${DEVICE} /vz ext4 defaults,noatime 1 2`)
      expect(await node.sh('systemctl is-active vz prl-disp; systemctl is-enabled vz prl-disp; true')).toBe(
        'inactive\ninactive\ndisabled\ndisabled',
      )
    }
    expect(await pair.one.sh('cat /srv/vz/etc-vz/conf/1.conf; stat -c %a /srv/vz')).toBe('ONBOOT=yes\n700')
  })

  test('a device of ploop keeps its blocks of zeros, and a sparse file its holes', async () => {
    expect(before).toMatch(/holes: .*sparse \d KiB/)
    const blocks = `stat -c %b /srv/vz/vz/private/1/zeros.hdd`
    expect(Number(await pair.one.sh(blocks)) * 512).toBeGreaterThanOrEqual(1_000_000)
  })

  test('once more, nothing is left to do', async () => {
    const ended = await pair.run([])
    expect(ended.exitCode, ended.output).toBe(0)
    expect(ended.changed).toEqual([])
  })

  test('without a file system on DRBD nothing is restored; a check tells that it would be', async () => {
    const checked = await pair.restoreRole(['--check'])
    expect(checked.exitCode, checked.output).toBe(0)
    expect(checked.changed).toEqual(['server1 /vz is restored'])
    const ended = await pair.restoreRole()
    expect(ended.exitCode).toBe(2)
    expect(errorOf(ended)?.message).toBe('there is no file system on /dev/drbd0 to restore /vz to')
  })

  test('a file system with something in it is not written to', async () => {
    await pair.one.sh(
      `mkfs.ext4 -q -F ${DEVICE}; mount ${DEVICE} /mnt; echo precious >/mnt/file; umount /mnt`,
    )
    const ended = await pair.restore()
    expect(ended.exitCode).toBe(2)
    expect(errorOf(ended)).toMatchObject({ code: 'REFUSED', seen: 'it holds /vz/file' })
    expect(await pair.one.sh('cat /vz/file; umount /vz')).toBe('precious')
    expect(await phaseOf(pair.one)).toBe('evacuated')
  })

  test('all of it comes back to an empty one, with the settings', async () => {
    await pair.one.sh(`mkfs.ext4 -q -F ${DEVICE}`)
    const ended = await pair.restore()
    expect(ended.exitCode, ended.output).toBe(0)
    expect(await phaseOf(pair.one)).toBe('restored')
    await pair.one.sh('mount /dev/mapper/openvz-vz /vz')
    expect(await treeState(pair.one, '/vz')).toBe(before)
    expect(await pair.one.sh('cat /etc/vz/conf/1.conf; stat -c %a /etc/vz/conf/1.conf; umount /vz')).toBe(
      'ONBOOT=yes\n640',
    )
    expect(await treeState(pair.one, '/srv/vz/vz')).toBe(before)
  })

  test('once it is restored, there is nothing to do for either', async () => {
    const restored = await pair.restoreRole()
    expect(restored.exitCode, restored.output).toBe(0)
    expect(restored.changed).toEqual([])
  })
})
