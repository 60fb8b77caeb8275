import { expect, test } from 'vitest'
import { debianBuild, rpmBuild } from '../../../src/drbd/utils_build.ts'
import { granted } from '../../../src/drbd/verdict.ts'

const RPM_EL7 = 'RPM version 4.11.3'
const RPM_MODERN = 'RPM version 4.18.0'

test.each([
  ['9.10.0', RPM_EL7, { sbinSymlinks: 'patch', quoteBareWords: false, tarballInSources: false }],
  ['9.10.0', RPM_MODERN, { sbinSymlinks: 'patch', quoteBareWords: true, tarballInSources: false }],
  ['9.15.0', '4.16.0', { sbinSymlinks: 'patch', quoteBareWords: true }],
  ['9.15.0', '4.14.3', { sbinSymlinks: 'patch', quoteBareWords: false }],
  ['9.19.0', RPM_MODERN, { sbinSymlinks: 'patch', quoteBareWords: true, tarballInSources: true }],
  ['9.19.1', RPM_MODERN, { sbinSymlinks: 'patch', quoteBareWords: false }],
  ['9.21.4', RPM_MODERN, { sbinSymlinks: 'patch' }],
  ['9.22.0', RPM_MODERN, { sbinSymlinks: 'autodetected', quoteBareWords: false }],
  ['9.31.0', RPM_MODERN, { sbinSymlinks: 'autodetected' }],
  ['9.32.0', RPM_MODERN, { sbinSymlinks: 'gone' }],
  ['9.34.0', RPM_MODERN, { sbinSymlinks: 'gone', tarballInSources: true }],
])('the RPMs of %s by %s', (utils, rpm, expected) => {
  expect(rpmBuild(utils, rpm)).toMatchObject({ ok: true, warnings: [], ...expected })
})

test('make rpm is there up to 9.17; then it is rpmbuild', () => {
  expect(granted(rpmBuild('9.17.0', RPM_EL7)).commands).toEqual([
    ['./configure', '--with-prebuiltman'],
    ['make', 'rpm'],
  ])
  expect(granted(rpmBuild('9.18.0', RPM_EL7)).commands).toEqual([
    ['./configure', '--enable-spec'],
    ['rpmbuild', '-bb', '--with', 'prebuiltman', 'drbd.spec'],
  ])
})

test('the names of the packages end as the distribution has it', () => {
  expect(granted(rpmBuild('9.15.0', RPM_MODERN)).packages).toEqual([
    'drbd-utils-9.15.0-1*.rpm',
    'drbd-udev-9.15.0-1*.rpm',
    'drbd-bash-completion-9.15.0-1*.rpm',
    'drbd-pacemaker-9.15.0-1*.rpm',
  ])
})

test('without versions there is no build', () => {
  expect(rpmBuild('9', RPM_EL7)).toMatchObject({ refused: '"9" is not a release of drbd-utils' })
  expect(rpmBuild('9.15.0', 'sh: rpm: not found')).toMatchObject({
    remedy: 'Install rpm-build on the builder.',
  })
  expect(debianBuild('9')).toMatchObject({ ok: false })
})

test('on Debian all goes where its own package has it', () => {
  const { commands, install } = granted(debianBuild('9.22.0', { unitDir: '/usr/lib/systemd/system' }))
  expect(commands[0]).toEqual(
    expect.arrayContaining([
      '--prefix=/usr',
      '--sbindir=/usr/sbin',
      '--sysconfdir=/etc',
      '--localstatedir=/var',
      '--with-systemdunitdir=/usr/lib/systemd/system',
      '--with-prebuiltman',
    ]),
  )
  expect([...commands.slice(1), ...install('/tmp/root')]).toEqual([
    ['make', 'tools'],
    ['make', 'install', 'DESTDIR=/tmp/root'],
  ])
})
