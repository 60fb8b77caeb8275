import { expect, test } from 'vitest'
import { parseCheckUpdate, parseSimulation } from '../../../src/operations/upgrade_output.ts'

test('apt-get -s upgrade --with-new-pkgs', () => {
  // Debian 12.
  const said = `NOTE: This is only a simulation!
The following packages will be upgraded:
  base-files libgcrypt20 linux-image-amd64
3 upgraded, 1 newly installed, 0 to remove and 2 not upgraded.
Inst base-files [12.4+deb12u11] (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Conf base-files (12.4+deb12u15 Debian:12.15/oldstable [amd64])
Inst libgcrypt20 [1.10.1-3] (1.10.1-3+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []
Inst linux-image-6.1.0-44-amd64 (6.1.164-1 Debian-Security:12/oldstable-security [amd64])
Inst linux-image-amd64 [6.1.147-1] (6.1.164-1 Debian-Security:12/oldstable-security [amd64])
Conf linux-image-amd64 (6.1.164-1 Debian-Security:12/oldstable-security [amd64])
`
  expect(parseSimulation(said)).toEqual([
    { name: 'base-files', from: '12.4+deb12u11', to: '12.4+deb12u15' },
    { name: 'libgcrypt20', from: '1.10.1-3', to: '1.10.1-3+deb12u1' },
    { name: 'linux-image-6.1.0-44-amd64', from: null, to: '6.1.164-1' },
    { name: 'linux-image-amd64', from: '6.1.147-1', to: '6.1.164-1' },
  ])
  expect(parseSimulation('0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.\n')).toEqual([])
})

test('dnf -q check-update', () => {
  // dnf 4.14; the last lines where the newest kernel does not run yet.
  const said = `
tool.noarch                                                     1:1.2-1.el7                            test 
tool-with-quite-a-long-name-that-does-not-fit-in-columns.noarch 1.2.3.4.5.6.7.8.9.10.11.12.13.14-1.el7 test 
vzkernel.noarch                                                 3.11.0-1.el7                           test 
Obsoleting Packages
new.noarch                                                      2.0-1.el7                              test 
    old.noarch                                                  1.0-1.el7                              @test
Security: kernel-core-5.14.0-427.13.1.el9_4.x86_64 is an installed security update
Security: kernel-core-5.14.0-362.8.1.el9_3.x86_64 is the currently running version
`
  const installed = `
installed tool.noarch 1.0-1.el7
installed tool-with-quite-a-long-name-that-does-not-fit-in-columns.noarch 1.0-1.el7
installed vzkernel.noarch 3.9.0-1.el7
installed vzkernel.noarch 3.10.0-1.el7
`
  expect(parseCheckUpdate(said, installed)).toEqual([
    { name: 'tool', from: '1.0-1.el7', to: '1:1.2-1.el7' },
    {
      name: 'tool-with-quite-a-long-name-that-does-not-fit-in-columns',
      from: '1.0-1.el7',
      to: '1.2.3.4.5.6.7.8.9.10.11.12.13.14-1.el7',
    },
    { name: 'vzkernel', from: null, to: '3.11.0-1.el7' },
  ])
  expect(parseCheckUpdate('', '')).toEqual([])
})

test('yum -q check-update wraps its lines', () => {
  const said = `
NetworkManager.x86_64              1:1.18.8-2.el7_9                      updates
tool-with-quite-a-long-name-that-does-not-fit-in-columns.noarch
                                   1.2.3-1.el7                           test   
openssl.i686                       1:1.0.2k-26.el7_9                     a-repository-of-a-long-name
openssl.x86_64                     1:1.0.2k-26.el7_9                     updates
`
  expect(parseCheckUpdate(said, 'installed openssl.x86_64 1:1.0.2k-19.el7\n')).toEqual([
    { name: 'NetworkManager', from: null, to: '1:1.18.8-2.el7_9' },
    { name: 'tool-with-quite-a-long-name-that-does-not-fit-in-columns', from: null, to: '1.2.3-1.el7' },
    { name: 'openssl', from: null, to: '1:1.0.2k-26.el7_9' },
    { name: 'openssl', from: '1:1.0.2k-19.el7', to: '1:1.0.2k-26.el7_9' },
  ])
})
