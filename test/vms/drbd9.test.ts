import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { drbdClusterSuite } from './drbd_cluster_suite.ts'

const tarball = process.env['DRBD9_TARBALL']

if (tarball === undefined) {
  test('DRBD 9, from its sources to a drill', ({ skip }) =>
    skip('no tarball: npm run test:drbd9 -- drbd-9.2.16.tar.gz'))
} else {
  const version = /^drbd-(9\.\d+\.\d+(?:-\d+)?)\.tar\.gz$/.exec(basename(tarball))?.[1]
  test('the tarball is named as a release of DRBD 9', () => expect(version).toBeDefined())
  drbdClusterSuite({
    source: () => Promise.resolve({ version: version ?? '', tarball }),
    inventory: 'test/vms/drbd9.yml',
    build: ['linux-headers-amd64', 'gcc', 'make', 'patch', 'perl', 'libelf-dev', 'coccinelle'],
    trials: ['drill', 'both off', 'rebuild', 'split brain'],
  })
}
