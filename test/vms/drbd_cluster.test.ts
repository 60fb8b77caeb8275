import { drbdClusterSuite } from './drbd_cluster_suite.ts'
import { drbdStandin } from './drbd_standin.ts'

drbdClusterSuite({ ...drbdStandin, trials: ['both off'] })
