import { expect, test } from 'vitest'
import { explainCreateMd } from '../../../../src/drbd/status/create_md.ts'
import { deviceContent, shownSignatures } from '../../../../src/drbd/status/device_content.ts'
import { parseKernelFailure } from '../../../../src/drbd/status/kernel_failure.ts'

const said = (exitCode: number, stdout: string, stderr = '') => ({ exitCode, stdout, stderr })

// Words as drbdmeta 9.22.0 and 9.34.0 print them.
test.each([
  [
    'created',
    said(0, 'initializing bitmap (4 KB) to all zero\nNew drbd meta data block successfully created.\n'),
  ],
  [
    'metadata',
    said(
      1,
      '',
      'There appears to be a v09 flexible-size internal meta data block\nalready in place on /dev/sdb\n\nDo you really want to overwrite the existing meta-data?\nOperation cancelled.\n',
    ),
  ],
  ['metadata', said(1, '', 'Valid v08 meta-data found, convert to v09?\nOperation cancelled.\n')],
  [
    'filesystem',
    said(40, '', 'Device size would be truncated, which\nwould corrupt data.\nOperation refused.\n'),
  ],
  ['filesystem', said(40, '', 'This would corrupt existing data.\n')],
  [
    'data',
    said(
      1,
      '',
      'md_offset 1\n ==> This might destroy existing data! <==\nFound some data\nOperation canceled.\n',
    ),
  ],
  [
    'data',
    said(
      1,
      '',
      'Even though it looks like this would place the new meta data into\nunused space, you still need to confirm',
    ),
  ],
  [
    'busy',
    said(
      20,
      '',
      'open(/dev/sdb) failed: Device or resource busy\n\nExclusive open failed. Do it anyways?\nOperation canceled.\n',
    ),
  ],
  ['busy', said(20, '', "Device '0' is configured!\n")],
  ['other', said(0, '')],
  ['other', said(20, '', 'open(/dev/sdx) failed: No such file or directory\n')],
])('create-md: %s', (kind, words) => {
  expect(explainCreateMd(words).kind).toBe(kind)
})

test('create-md: every refusal says what to do', () => {
  expect(explainCreateMd(said(1, '', 'Found some data'))).toEqual({
    kind: 'data',
    meaning: 'there is data on the device',
    remedy: 'Look what it holds; consent to losing it by host and device, or name another disk.',
  })
  expect(explainCreateMd(said(7, ''))).toMatchObject({
    meaning: 'create-md failed with exit 7: it said nothing',
  })
})

test('the kernel says no', () => {
  expect(
    parseKernelFailure(
      '/dev/drbd0: Failure: (119) No valid meta-data signature found.\n\n\t==> Use create-md',
    ),
  ).toEqual({
    code: 119,
    said: 'No valid meta-data signature found.',
    meaning: 'there are no DRBD metadata on the disk',
    remedy: 'Make sure that this is the right disk; then its metadata can be made.',
  })
  expect(parseKernelFailure('r0: State change failed: (-2) Need access to UpToDate data')).toMatchObject({
    code: -2,
    meaning: 'no node within reach has UpToDate data',
  })
  expect(parseKernelFailure('r0: Failure: (999) Of a later version')).toMatchObject({
    code: 999,
    meaning: 'Of a later version',
    remedy: 'See the kernel log of this moment: journalctl -k.',
  })
  expect(parseKernelFailure('all is well')).toBeUndefined()
})

const DRBD = 'DEVNAME=/dev/sdb\nVERSION=v09\nTYPE=drbd\nUSAGE=raid\n'

test.each([
  ['blank', said(2, ''), said(0, ''), []],
  [
    'DRBD over ext4: blkid sees one, wipefs both',
    said(0, DRBD),
    said(0, '0x3fff03c,,,drbd\n0x438,1b2c-3d,data,ext4\n'),
    ['drbd', 'ext4 "data"'],
  ],
  [
    'a heading in newer versions',
    said(0, 'TYPE=xfs\n'),
    said(0, '# offset,uuid,label,type\n0x0,1b2c,,xfs\n'),
    ['xfs'],
  ],
  [
    'a partition table',
    said(0, 'PTUUID=1\nPTTYPE=gpt\n'),
    said(0, '0x200,,,gpt\n0x1fe,,,PMBR\n'),
    ['gpt', 'PMBR'],
  ],
  ['what only blkid sees', said(0, 'TYPE=odd\nLABEL=x\n'), said(0, ''), ['odd "x"']],
  ['ambivalent', said(8, ''), said(0, '0x438,,,ext4\n0x0,,,xfs\n'), ['ext4', 'xfs']],
])('content: %s', (_what, blkid, wipefs, expected) => {
  const content = deviceContent(blkid, wipefs)
  expect(content.unreadable).toBeUndefined()
  expect(shownSignatures(content.signatures)).toBe(expected.join(', '))
})

test('the version of the metadata is that of blkid', () => {
  expect(deviceContent(said(0, DRBD), said(0, '0x3fff03c,,,drbd\n')).signatures).toEqual([
    { type: 'drbd', label: undefined, uuid: undefined, version: 'v09' },
  ])
})

test.each([
  ['no such device', said(4, '', 'error'), said(1, '', 'No such file')],
  ['blkid fails', said(4, '', 'error'), said(0, '')],
  ['wipefs fails', said(2, ''), said(1, '', 'Permission denied')],
  ['ambivalent, and nothing listed', said(8, ''), said(0, '')],
])('not known is not blank: %s', (_what, blkid, wipefs) => {
  expect(deviceContent(blkid, wipefs).unreadable).toBeDefined()
})
