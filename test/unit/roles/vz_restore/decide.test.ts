import { expect, test } from 'vitest'
import { nextStep } from '../../../../roles/vz_restore/decide.ts'
import type { RestoreQuestion } from '../../../../roles/vz_restore/decide.ts'

const was = { type: 'ext4', uuid: 'old' } as const
const onto = { type: 'ext4', uuid: 'new' } as const
const another = { type: 'ext4', uuid: 'another' } as const
const copy = { to: '/srv/copy', vz: 'a'.repeat(64), etc: null }

const step = (about: Partial<RestoreQuestion>) =>
  nextStep({ node: 'server1', device: '/dev/drbd0', marker: null, fileSystem: onto, keep: true, ...about })

test.each<[string, Partial<RestoreQuestion>, object]>([
  ['nothing was evacuated', {}, { kind: 'nothing' }],
  ['it is restored', { marker: { phase: 'restored', was, copy, onto } }, { kind: 'nothing' }],
  [
    'the copy is gone',
    { keep: false, marker: { phase: 'restored', was, copy: null, onto } },
    { kind: 'nothing' },
  ],
  [
    'evacuated',
    { marker: { phase: 'evacuated', was, copy } },
    { kind: 'restore', was, copy, onto, begun: false },
  ],
  [
    'restoring, cut off',
    { marker: { phase: 'restoring', was, copy, onto } },
    { kind: 'restore', was, copy, onto, begun: true },
  ],
  [
    'the copy may go',
    { keep: false, marker: { phase: 'restored', was, copy, onto } },
    { kind: 'remove', was, copy, onto },
  ],
])('%s', (_, about, expected) => expect(step(about)).toEqual(expected))

test.each<[string, Partial<RestoreQuestion>, string]>([
  [
    'still copying',
    { marker: { phase: 'copying', was, to: '/srv/copy' } },
    'the evacuation of /vz of server1 has not come to its end',
  ],
  [
    'still wiping',
    { marker: { phase: 'wiping', was, copy, head: null } },
    'the evacuation of /vz of server1 has not come to its end',
  ],
  [
    'given up',
    { marker: { phase: 'evacuated', was, copy: null } },
    '/vz of server1 was given up, as one that may be lost: there is nothing to restore',
  ],
  [
    'no file system',
    { marker: { phase: 'evacuated', was, copy }, fileSystem: undefined },
    'there is no file system on /dev/drbd0 to restore /vz to',
  ],
  [
    'restoring, and the file system was made anew',
    { marker: { phase: 'restoring', was, copy, onto }, fileSystem: another },
    '/dev/drbd0 holds another file system than the one that restoring was begun on',
  ],
  [
    'the copy may go, and the file system is another one',
    { keep: false, marker: { phase: 'restored', was, copy, onto }, fileSystem: another },
    '/dev/drbd0 does not hold the file system that /vz of server1 was restored to, so the copy stays',
  ],
])('refused: %s', (_, about, reason) => {
  const refused = step(about)
  expect(refused).toMatchObject({ kind: 'refused', reason })
  expect(refused.kind === 'refused' && refused.remedy).toMatch(/\.$/)
})
