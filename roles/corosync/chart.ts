import type { Nodes } from 'bringup'
import { confOf, cryptoOf } from '../../src/pacemaker/corosync/render.ts'
import type { Section } from '../../src/pacemaker/corosync/conf.ts'
import { isAtLeast } from '../../src/pacemaker/corosync/version.ts'
import type { CorosyncVersion } from '../../src/pacemaker/corosync/version.ts'
import { decide, runsOwn } from './decide.ts'
import type { Course } from './decide.ts'
import type { CorosyncVars } from './vars.ts'
import { viewOf } from './view.ts'
import { bindsOf, wantedCluster } from './wanted.ts'

export interface Chart {
  readonly course: Course
  readonly version: CorosyncVersion
  /** Names of the nodes whose corosync runs, as members of this cluster or to become it. */
  readonly running: readonly string[]
  /** All names, those of peers too. */
  readonly all: readonly string[]
  readonly isEncrypted: boolean
  conf(node: string): Section
}

/** Where it is only going to be installed: that of all distributions since 2021. */
const NEWEST: CorosyncVersion = [3, 1]

/**
 * Looks at all nodes, and decides; nothing is changed.
 * @throws BringupError REFUSED with what forbids it
 */
export async function chart(
  nodes: Nodes<CorosyncVars>,
  peers: Nodes<CorosyncVars>,
  vars: CorosyncVars,
  check: boolean,
): Promise<Chart> {
  const own = await nodes.map(viewOf)
  const views = [...own, ...(await peers.map(viewOf))]
  const hosts = [...nodes, ...peers]
  const absent = views.filter(({ version }) => version === undefined).map(({ name }) => name)
  await nodes.first.require(
    'corosync is installed on all nodes',
    async () => check || absent.length === 0 || `it is not on ${absent.join(', ')}`,
    'Play the role cluster_packages before.',
  )
  const versions = views.map(({ version }) => version ?? NEWEST)
  const version = versions.reduce((one, other) => (isAtLeast(one, other) ? other : one))
  const wanted = wantedCluster(hosts, vars, views)
  const found = hosts.map((host, index) => {
    const view = views[index]!
    const { bind, problems } = bindsOf(host, wanted)
    const conf = confOf(wanted, { version, bind, ...(view.conf === null ? {} : { before: view.conf }) })
    return { view, conf, problems, isPeer: index >= own.length }
  })
  const problems = found.flatMap((one) => one.problems)
  await nodes.first.require(
    'every node has the addresses of its links',
    async () => problems.length === 0 || problems.join('; '),
    'Correct cluster_addresses, or the addresses of the hosts.',
  )
  const { corosync_key: key, corosync_together: together } = vars
  const course = decide({ wanted, version, hosts: found, key, together })
  await nodes.first.require(
    `the cluster ${vars.cluster_name} can be as its vars say`,
    async () => course.do !== 'refuse' || course.seen,
    course.do === 'refuse' ? course.remedy : '',
  )
  const { cipher, hash } = cryptoOf(wanted, version)
  return {
    course: course as Course,
    version,
    running: own.filter(runsOwn).map(({ name }) => name),
    all: hosts.map(({ name }) => name),
    isEncrypted: cipher !== 'none' || hash !== 'none',
    conf: (name) => found.find(({ view }) => view.name === name)!.conf,
  }
}
