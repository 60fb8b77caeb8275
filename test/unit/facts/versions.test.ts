import { expect, test } from 'vitest'
import { headersPackage } from '../../../src/facts/kernel_headers.ts'
import { parseVersions } from '../../../src/facts/versions.ts'

test.each([
  ['installed pcs 0.11.5-1+deb12u1', '0.11.5'],
  ['installed pcs 0.9.169', '0.9.169'],
  ['installed pcs 1:0.10.8+dfsg-1', '0.10.8'],
  ['installed pcs 0.12.0~b1-2', '0.12.0~b1'],
  ['program pcs 0.11.7 ', '0.11.7'],
  ["program pcs Corosync Cluster Engine, version '3.1.7' Copyright (c) 2006-2021 Red Hat, Inc. ", '3.1.7'],
  ['program pcs Pacemaker 2.1.5-8.el9 Written by Andrew Beekhof and others ', '2.1.5-8.el9'],
  ['program pcs command not found ', null],
  ['installed pcsd 0.11.5', null],
])('%s is %s', (line, version) => {
  expect(parseVersions([line], '').pcs).toBe(version)
})

test('of DRBD, the utilities and the module', () => {
  const line =
    'program drbd-utils DRBDADM_BUILDTAG=GIT-hash:\\ 1 DRBDADM_API_VERSION=2 DRBD_KERNEL_VERSION=9.2.8 DRBDADM_VERSION=9.27.0 '
  expect(parseVersions([line], '9.2.8')).toMatchObject({ drbdUtils: '9.27.0', drbdModule: '9.2.8' })
})

test.each([
  ['6.1.0-28-amd64', 'apt', null, 'linux-headers-6.1.0-28-amd64'],
  ['5.15.158-2-pve', 'apt', null, 'pve-headers-5.15.158-2-pve'],
  ['6.8.12-4-pve', 'apt', null, 'proxmox-headers-6.8.12-4-pve'],
  ['5.14.0-427.13.1.el9_4.x86_64', 'dnf', 'kernel-core', 'kernel-devel-5.14.0-427.13.1.el9_4.x86_64'],
  ['5.14.0-427.13.1.el9_4.x86_64', 'dnf', null, 'kernel-devel-5.14.0-427.13.1.el9_4.x86_64'],
  ['3.10.0-1160.41.1.vz7.183.5', 'yum', null, 'vzkernel-devel-3.10.0-1160.41.1.vz7.183.5'],
  ['3.10.0-1160.41.1.vz7.183.5', 'yum', 'vzkernel', 'vzkernel-devel-3.10.0-1160.41.1.vz7.183.5'],
  [
    '5.15.0-200.131.27.el8uek.x86_64',
    'dnf',
    'kernel-uek-core',
    'kernel-uek-devel-5.15.0-200.131.27.el8uek.x86_64',
  ],
  ['6.9.1-1.el9.elrepo.x86_64', 'dnf', 'kernel-ml-core', 'kernel-ml-devel-6.9.1-1.el9.elrepo.x86_64'],
] as const)('headers of %s with %s (%s) are in %s', (release, manager, kernelPackage, name) => {
  expect(headersPackage(release, manager, kernelPackage)).toBe(name)
})
