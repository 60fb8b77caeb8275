import { expect, test } from 'vitest'
import { utilsNeeds } from '../../../src/drbd/utils_needs.ts'
import type { Platform } from '../../../src/drbd/utils_needs.ts'
import { releaseOf } from '../../../src/drbd/versions.ts'
import type { Release } from '../../../src/drbd/versions.ts'

const debian: Platform = { manager: 'apt', major: 12, enterprise: false }
const el7: Platform = { manager: 'yum', major: 7, enterprise: true }
const el9: Platform = { manager: 'dnf', major: 9, enterprise: true }
const fedora: Platform = { manager: 'dnf', major: 41, enterprise: false }

test.each<[string, Platform, string[], string[]]>([
  [
    '9.10.0',
    el7,
    ['rpm-build', 'autoconf', 'systemd'],
    ['systemd-rpm-macros', 'checkpolicy', 'keyutils-libs-devel'],
  ],
  ['9.21.4', el9, ['systemd-rpm-macros'], ['checkpolicy', 'systemd']],
  ['9.22.0', el9, ['checkpolicy', 'selinux-policy-devel'], ['keyutils-libs-devel']],
  ['9.28.0', fedora, ['keyutils-libs-devel', 'systemd-rpm-macros'], ['checkpolicy']],
  ['9.22.0', debian, ['g++', 'dpkg-dev'], ['libkeyutils-dev', 'rpm-build']],
  ['9.26.0', debian, ['libkeyutils-dev'], ['keyutils-libs-devel']],
])('%s needs on %j', (version, platform, there, missing) => {
  const needs = utilsNeeds(releaseOf('drbd-utils', version) as Release, platform)
  expect(needs).toEqual(expect.arrayContaining(there))
  expect(needs.filter((name) => missing.includes(name))).toEqual([])
})
