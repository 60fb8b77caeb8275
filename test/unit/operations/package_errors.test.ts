import { expect, test } from 'vitest'
import { aptError, isInterrupted, isStale } from '../../../src/operations/apt_error.ts'
import { lockHolder, rpmError } from '../../../src/operations/rpm_error.ts'

const said = (stderr: string, stdout = '', exitCode = 100) => ({ exitCode, stdout, stderr })

test.each([
  ['E: Unable to locate package nosuch', 'PACKAGE_UNAVAILABLE', /do not have nosuch$/],
  ["E: Version '9*' for 'pcs' was not found", 'PACKAGE_UNAVAILABLE', /do not have pcs$/],
  ["E: Package 'pcs' has no installation candidate", 'PACKAGE_UNAVAILABLE', /do not have pcs$/],
  [
    'E: Release file for http://x/InRelease is not valid yet (invalid for another 3h).',
    'PACKAGE_UNAVAILABLE',
    /from the future$/,
  ],
  [
    'E: Release file for http://x/InRelease is expired (invalid since 2d).',
    'PACKAGE_UNAVAILABLE',
    /out of date$/,
  ],
  [
    'W: Certificate verification failed: The certificate is NOT trusted. The certificate chain uses expired certificate.',
    'PACKAGE_UNAVAILABLE',
    /out of date$/,
  ],
  [
    'W: Certificate verification failed: The certificate is NOT trusted. The certificate chain uses not yet valid certificate.',
    'PACKAGE_UNAVAILABLE',
    /from the future$/,
  ],
  ["E: You don't have enough free space in /var/cache/apt/archives/.", 'WRITE_FAILED', /^no space left/],
  [
    'dpkg: error processing archive x.deb (--unpack):\n cannot copy extracted data: failed to write (No space left on device)',
    'WRITE_FAILED',
    /^no space left/,
  ],
  ['E: Failed to fetch http://x/pcs.deb  404  Not Found', 'PACKAGE_UNAVAILABLE', /own lists say$/],
  ['E: Failed to fetch http://x/pcs.deb  Hash Sum mismatch', 'PACKAGE_UNAVAILABLE', /own lists say$/],
  ['W: Failed to fetch http://x/y  Could not connect to x', 'PACKAGE_UNAVAILABLE', /could not be fetched/],
  [
    'E: Packages need to be removed but remove is disabled.',
    'REFUSED',
    /would remove systemd-timesyncd, ntp$/,
  ],
  ['dpkg: error processing package pcs (--configure):', 'COMMAND_FAILED', /ended with 100/],
])('apt: %s', (stderr, code, message) => {
  const stdout = 'The following packages will be REMOVED:\n  systemd-timesyncd\n  ntp\nThe following NEW …\n'
  const error = aptError(said(stderr, stdout), null)
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  expect(error.details.seen).toContain(stderr)
})

test('apt: the failed refresh of the lists is part of the error', () => {
  expect(
    aptError(said('E: Unable to locate package pcs'), 'E: The repository is not signed').details.seen,
  ).toContain('The repository is not signed')
})

test('apt: what a second attempt can help', () => {
  expect(isInterrupted(said("E: dpkg was interrupted, you must manually run 'dpkg --configure -a'"))).toBe(
    true,
  )
  expect(isStale(said('E: Failed to fetch http://x/pcs.deb  404  Not Found'))).toBe(true)
  expect(isStale(said('E: Unable to locate package pcs', '', 0))).toBe(false)
  expect(isStale(said('E: Sub-process returned an error code'))).toBe(false)
})

test.each([
  [
    'RPMDB already locked by 5676\n  The application with PID 5676 is: dnf\n    Memory :  54 M RSS',
    200,
    'dnf, process 5676',
  ],
  [
    'Another app is currently holding the yum lock; exiting as configured by exit_on_lock\n  The other application is: PackageKit\n    Memory : 20 M\n    State  : Sleeping, pid: 812',
    1,
    'PackageKit, process 812',
  ],
  ['Error: Unable to find a match: nosuch', 1, null],
])('rpm: who holds the lock', (stderr, code, holder) => {
  expect(lockHolder(said(stderr, '', code))).toBe(holder)
})

test.each([
  ['No match for argument: nosuch\nError: Unable to find a match: nosuch', 'PACKAGE_UNAVAILABLE'],
  ["Error: Failed to download metadata for repo 'base': Cannot download repomd.xml", 'PACKAGE_UNAVAILABLE'],
  ["Error: \n Problem: a conflicts with b\n(try to add '--allowerasing' to command line)", 'REFUSED'],
  ['Error: disk full', 'COMMAND_FAILED'],
])('rpm: %s', (stderr, code) => {
  expect(rpmError('dnf', said(stderr, '', 1))).toMatchObject({ code })
})
