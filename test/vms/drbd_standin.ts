import { STANDIN_VERSION, standinTarball } from '../support/standin_tarball.ts'
import type { Suite } from './drbd_cluster_suite.ts'

/** Debian's own 8.4 in the layout of one of LINBIT's releases. DRBD 9 needs a tarball: npm run test:drbd9. */
export const drbdStandin: Omit<Suite, 'trials'> = {
  source: async () => ({ version: STANDIN_VERSION, tarball: await standinTarball() }),
  inventory: 'inventory/drbd-lab.yml',
  build: ['linux-headers-amd64', 'gcc', 'make', 'patch', 'libelf-dev'],
}
