import { describe, expect, test } from 'vitest'
import { nextStep } from '../../../../roles/vz_evacuate/decide.ts'
import type { EvacuationQuestion, SeenDisk } from '../../../../roles/vz_evacuate/decide.ts'
import type { Marker } from '../../../../src/evacuation/marker.ts'

const was = { type: 'ext4', uuid: 'old' } as const
const copy = { to: '/srv/copy', vz: 'a'.repeat(64), etc: null }
const mounted: SeenDisk = {
  kind: 'file system',
  fileSystem: was,
  mounted: true,
  head: 'b'.repeat(64),
  files: ['12 bytes  /vz/file'],
}
const empty: SeenDisk = { ...mounted, files: [] }
const unmounted: SeenDisk = { ...mounted, mounted: false, files: null }
const other: SeenDisk = { ...unmounted, fileSystem: { type: 'ext4', uuid: 'another' } }
const without = (kind: SeenDisk['kind']): SeenDisk => ({
  kind,
  fileSystem: undefined,
  mounted: false,
  head: 'c'.repeat(64),
  files: null,
})

const kept = { keeps: true, expendable: false }
const standby = { keeps: false, expendable: false }
const expendable = { keeps: false, expendable: true }

const copying: Marker = { phase: 'copying', was, to: '/srv/copy' }
const wiping: Marker = { phase: 'wiping', was, copy, head: 'b'.repeat(64) }
const givenUp: Marker = { phase: 'wiping', was, copy: null, head: null }
const evacuated: Marker = { phase: 'evacuated', was, copy }
const lost: Marker = { phase: 'evacuated', was, copy: null }
const restored: Marker = { phase: 'restored', was, copy, onto: { type: 'ext4', uuid: 'new' } }

const step = (about: Partial<EvacuationQuestion>) =>
  nextStep({
    node: 'server1',
    device: '/dev/mapper/openvz-vz',
    ...kept,
    joins: false,
    to: '/srv/copy',
    elsewhere: undefined,
    marker: null,
    disk: mounted,
    ...about,
  })

describe('what is next', () => {
  test.each<[string, Partial<EvacuationQuestion>, string]>([
    ['the one to keep', { disk: mounted }, 'copy'],
    ['the one to keep, though empty', { disk: empty }, 'copy'],
    ['the one to keep, on an expendable node', { ...expendable, disk: mounted }, 'lose'],
    ['another that is empty', { ...standby, disk: empty }, 'lose'],
    ['another that is blank', { ...standby, disk: without('blank') }, 'done'],
    ['another with something that was never a /vz', { ...standby, disk: without('other') }, 'foreign'],
    ['another with bytes that nothing explains', { ...expendable, disk: without('remains') }, 'foreign'],
    ['another that may be lost, not mounted', { ...expendable, disk: unmounted }, 'lose'],
    ['one that has become DRBD’s, without a marker', { disk: without('drbd') }, 'done'],
    ['one that is added to the cluster, blank', { joins: true, disk: without('blank') }, 'done'],
    ['one that is added to the cluster, with an empty /vz', { joins: true, disk: empty }, 'lose'],
    ['copying, cut off', { marker: copying }, 'copy'],
    ['copying, cut off, and rebooted', { marker: copying, disk: unmounted }, 'copy'],
    ['wiping, not begun', { marker: wiping, disk: unmounted }, 'wipe'],
    ['wiping, in its middle', { marker: wiping, disk: without('remains') }, 'wipe'],
    ['wiping, done and not recorded', { marker: wiping, disk: without('blank') }, 'record'],
    ['giving up, not unmounted yet', { ...standby, marker: givenUp, disk: empty }, 'wipe'],
    ['giving up, in its middle', { ...standby, marker: givenUp, disk: without('remains') }, 'wipe'],
    ['evacuated', { marker: evacuated, disk: without('blank') }, 'done'],
    ['evacuated, and DRBD’s', { marker: evacuated, disk: without('drbd') }, 'done'],
    ['given up', { ...standby, marker: lost, disk: without('blank') }, 'done'],
    ['restored', { marker: restored, disk: without('drbd') }, 'done'],
  ])('%s', (_, about, kind) => expect(step(about)).toEqual({ kind }))
})

describe('refused, with nothing touched', () => {
  test.each<[string, Partial<EvacuationQuestion>, string]>([
    [
      'a standby that is not empty',
      { ...standby, disk: mounted },
      '/vz of server1 is not empty, and is not the one that is kept',
    ],
    [
      'a standby that nobody can look into',
      { ...standby, disk: unmounted },
      'there is a file system on /dev/mapper/openvz-vz of server1 that is not mounted at /vz',
    ],
    [
      'the one to keep, not mounted',
      { disk: unmounted },
      'there is a file system on /dev/mapper/openvz-vz of server1 that is not mounted at /vz',
    ],
    [
      'the one to keep, blank',
      { disk: without('blank') },
      '/dev/mapper/openvz-vz of server1, whose /vz is to be kept, is blank',
    ],
    [
      'the one to keep, something else',
      { disk: without('other') },
      '/dev/mapper/openvz-vz of server1 holds something else than a file system of /vz (ext4 or xfs)',
    ],
    [
      'a standby with a /vz of a kind that is not known',
      { ...expendable, disk: { ...without('other'), mounted: true } },
      '/dev/mapper/openvz-vz of server1 holds something else than a file system of /vz (ext4 or xfs)',
    ],
    [
      'a new server1 with a /vz of its own, while the others have the data',
      { joins: true, disk: mounted },
      '/vz of server1 is not empty, and the data of the cluster are on the other nodes',
    ],
    [
      '/vz on another device',
      { elsewhere: '/dev/sdz' },
      '/vz of server1 is on /dev/sdz, and not on /dev/mapper/openvz-vz',
    ],
    [
      'copying, and the disk holds another file system',
      { marker: copying, disk: other },
      '/dev/mapper/openvz-vz of server1 does not hold the file system that was being copied (ext4, UUID old)',
    ],
    [
      'copying, and the disk is blank',
      { marker: copying, disk: without('blank') },
      '/dev/mapper/openvz-vz of server1 does not hold the file system that was being copied (ext4, UUID old)',
    ],
    [
      'copying, and another folder is wanted',
      { marker: copying, to: '/elsewhere' },
      'the evacuation of server1 was begun to /srv/copy, not to /elsewhere',
    ],
    [
      'copying, and another node is to be kept',
      { ...expendable, marker: copying },
      '/vz of server1 is being evacuated to /srv/copy, and is not the one that is kept now',
    ],
    [
      'wiping, and somebody made another file system',
      { marker: wiping, disk: other },
      '/dev/mapper/openvz-vz of server1 was being wiped, and holds something else by now',
    ],
    [
      'wiping, and it has become DRBD’s',
      { marker: wiping, disk: without('drbd') },
      '/dev/mapper/openvz-vz of server1 was being wiped, and holds something else by now',
    ],
    [
      'wiping, and it is mounted again',
      { marker: wiping, disk: mounted },
      '/vz of server1 was used again before it was wiped: what was written since is not in /srv/copy',
    ],
    [
      'wiping, and it was mounted again',
      { marker: wiping, disk: { ...unmounted, head: 'c'.repeat(64) } },
      '/vz of server1 was used again before it was wiped: what was written since is not in /srv/copy',
    ],
    [
      'giving up what was empty, and is not any more',
      { ...standby, marker: givenUp, disk: mounted },
      '/vz of server1 was used again before it was wiped',
    ],
    [
      'evacuated, and another node is to be kept',
      { ...expendable, marker: evacuated },
      'the only copy of a /vz is on server1, in /srv/copy, and another node is to be kept now',
    ],
    [
      'given up, and it is to be kept',
      { marker: lost, disk: without('blank') },
      '/vz of server1 was given up by an earlier run, as one that may be lost',
    ],
    [
      'a plain /vz again, after it was restored once',
      { marker: restored },
      '/dev/mapper/openvz-vz of server1 is a plain /vz again, although it was evacuated and restored before',
    ],
  ])('%s', (_, about, reason) => {
    const refused = step(about)
    expect(refused).toMatchObject({ kind: 'refused', reason })
    expect(refused.kind === 'refused' && refused.remedy).toMatch(/\.$/)
  })
})
