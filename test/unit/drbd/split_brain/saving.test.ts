import { describe, expect, test } from 'vitest'
import { deviceStory } from '../../../../src/drbd/split_brain/device_story.ts'
import { roomFor } from '../../../../src/drbd/split_brain/room.ts'
import {
  folderName,
  isFolderOf,
  parseRecord,
  recordText,
} from '../../../../src/drbd/split_brain/saved_record.ts'

const MIB = 1024 * 1024
const GIB = 1024 * MIB

describe('room for what is saved', () => {
  const place = { folder: '/var/lib/bringup/split-brain', type: 'ext4', free: 2 * GIB, size: 10 * GIB }

  test.for([
    { bytes: 0, free: 2 * GIB, fits: true },
    { bytes: 1 * GIB, free: 2 * GIB, fits: true },
    // Half a GiB, 5 % of the file system, stays free.
    { bytes: 1.5 * GIB, free: 2 * GIB, fits: false },
    { bytes: 0, free: 0.4 * GIB, fits: false },
    { bytes: 3 * GIB, free: 2 * GIB, fits: false },
  ])('$bytes bytes into $free', ({ bytes, free, fits }) => {
    expect(roomFor(bytes, { ...place, free }, '').ok).toBe(fits)
  })

  test('says how much is missing, and what to do instead', () => {
    expect(roomFor(3 * GIB, place, 'Nothing was done.')).toEqual({
      ok: false,
      refused: '/var/lib/bringup/split-brain has no room for what is to be saved',
      expected: '3.5 GiB free: 3.0 GiB, and 5 % of the file system to spare',
      seen: '2.0 GiB free',
      remedy:
        'Make room there, or name a folder on another file system of the node: heal_save_to. Nothing was done.',
    })
  })

  test('none where a reboot takes it', () => {
    expect(roomFor(0, { ...place, type: 'tmpfs' }, '')).toMatchObject({ ok: false, seen: 'tmpfs' })
  })
})

test('each save has a folder of its own, and those of another resource are not taken for it', () => {
  const name = folderName('r0', new Date('2026-11-21T22:03:32.123Z'))
  expect(name).toBe('r0-20261121T220332Z')
  expect(isFolderOf('r0', name)).toBe(true)
  expect(isFolderOf('r', name)).toBe(false)
  expect(isFolderOf('r0', 'r0-20261121T220332Z-20261121T220332Z')).toBe(false)
  expect(isFolderOf('r0-20261121T220332Z', 'r0-20261121T220332Z-20261121T220332Z')).toBe(true)
  expect(isFolderOf('r0', 'r0-notes')).toBe(false)
})

test('a record that is not whole is none', () => {
  const record = {
    resource: 'r0',
    victim: 'server2',
    survivors: ['server1'],
    at: '2026-11-21T22:03:32.123Z',
    what: 'changes' as const,
    volumes: [{ volume: 0, disk: '/dev/sdb', size: 4096, ranges: 1, bytes: 4096, sha256: 'a'.repeat(64) }],
  }
  const text = recordText(record)
  expect(parseRecord(text)).toEqual(record)
  expect(parseRecord(text.replaceAll('\n', ''))).toEqual(record)
  for (let at = 0; at < text.length - 2; at += 1) expect(parseRecord(text.slice(0, at))).toBeUndefined()
  expect(parseRecord(text.replace('"what": "changes"', '"what": "some"'))).toBeUndefined()
})

test('who uses a device, and what its file system says of itself', () => {
  expect(
    deviceStory(
      'mount /srv\nmount /srv\\040one\nswap\nholder dm-3\nmagic  53 ef\ntimes  1795298477 1795299000\n',
    ),
  ).toEqual({
    uses: ['mounted on /srv', 'mounted on /srv one', 'used as swap', 'used by dm-3'],
    fileSystem: { mounted: '2026-11-21 22:01:17', written: '2026-11-21 22:10:00' },
  })
  expect(deviceStory('magic  00 00\ntimes  0 0')).toEqual({ uses: [], fileSystem: undefined })
  expect(deviceStory('magic  53 ef\ntimes  0 1795299000').fileSystem).toEqual({
    mounted: 'never',
    written: '2026-11-21 22:10:00',
  })
  expect(deviceStory('')).toEqual({ uses: [], fileSystem: undefined })
})
