import { test } from 'vitest'
import { STANDIN_VERSION, standinTarball } from '../support/standin_tarball.ts'
import { drbdClusterSuite } from './drbd_cluster_suite.ts'

// A stand-in: Debian's own 8.4 in the layout of one of LINBIT's releases. DRBD 9 needs a tarball: npm run test:drbd9.
if (process.env['TEST_ALL'] === undefined) {
  test('DRBD from sources to a drill', ({ skip }) => skip('it takes half an hour: npm run test:all'))
} else {
  drbdClusterSuite({
    source: async () => ({ version: STANDIN_VERSION, tarball: await standinTarball() }),
    inventory: 'inventory/drbd-lab.yml',
    build: ['linux-headers-amd64', 'gcc', 'make', 'patch', 'libelf-dev'],
  })
}
