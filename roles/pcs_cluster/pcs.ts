import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { parseVersions } from '../../src/facts/versions.ts'
import { VERSIONS_SCRIPT } from '../../src/facts/versions_script.ts'
import type { ClusterNode } from '../../src/pacemaker/corosync/cluster_schema.ts'
import { choosePcs } from '../../src/pacemaker/pcs/choose.ts'
import type { CommandLine, PcsDialect } from '../../src/pacemaker/pcs/dialect.ts'
import type { PcsClusterVars } from './vars.ts'

type Member = Node<Pick<PcsClusterVars, 'hacluster_password'>>

/** pcsd runs, also after a boot, and lets hacluster in with its password. */
export async function startPcsd(node: Member): Promise<void> {
  const units = await pcsdUnits(node)
  await Promise.all([
    node.user({ name: 'hacluster', create: false, password: node.vars.hacluster_password }),
    ...units.map((name) => node.service({ name, state: 'started', enabled: true })),
  ])
}

/** pcsd does not answer, until it is started again. */
export async function stopPcsd<V>(node: Node<V>): Promise<void> {
  const units = await pcsdUnits(node)
  await Promise.all(units.map((name) => node.service({ name, state: 'stopped' })))
}

/** From pcs 0.10 on, a part of pcsd is a unit of its own, which Debian 11's pcsd needs and does not start. */
async function pcsdUnits<V>(node: Node<V>): Promise<string[]> {
  const { exitCode, stdout } = await node.$.read({ nothrow: true })`systemctl cat pcsd-ruby.service`
  // Not every systemd calls it a failure that there is none.
  return exitCode === 0 && stdout.trim() !== '' ? ['pcsd-ruby', 'pcsd'] : ['pcsd']
}

/** The commands of the pcs that is there; in check mode, where it is only planned, those of the newest. */
export async function pcsOn<V>(
  node: Node<V>,
  check: boolean,
  warn: (message: string) => void,
): Promise<PcsDialect> {
  const { stdout } = await node.$.read`sh -c ${VERSIONS_SCRIPT}`
  const { pcs: version } = parseVersions(stdout.split('\n'), '')
  const { pcs, note } = choosePcs(version ?? (check ? '0.12' : ''))
  if (note !== undefined) warn(note)
  return pcs
}

/** pcs on a node gets to know pcsd on all of these, with the password of hacluster. */
export async function introduce(by: Member, nodes: readonly ClusterNode[], pcs: PcsDialect): Promise<void> {
  const names = nodes.map(({ name }) => name)
  await by.task(`pcs knows ${names.join(', ')}`, {
    met: async ({ $ }) => {
      const { argv } = pcs.authStatus(names)
      const { exitCode } = await $.read({ nothrow: true })`${argv}`
      return exitCode === 0 || 'introduce them with the password of hacluster'
    },
    apply: async ({ signal }) => {
      const deadline = performance.now() + PCSD_START * 1000
      for (;;) {
        try {
          return await runPcs(by, pcs.hostAuth(nodes))
        } catch (error) {
          // A pcsd that has just been started does not listen yet.
          const isDeaf =
            error instanceof BringupError && /Unable to communicate/.test(error.details.seen ?? '')
          if (!isDeaf || performance.now() > deadline) throw error
          await delay(1000, undefined, { signal })
        }
      }
    },
  })
}

/** Seconds that pcsd may take until it listens. */
const PCSD_START = 60

/**
 * Runs a pcs command to its end: where one breaks off, some nodes have the cluster's file and others do not. A password
 * that it asks for goes to its standard input.
 */
export async function runPcs(node: Member, { argv, stdin }: CommandLine): Promise<void> {
  const $ = node.$({ unbroken: true })
  if (stdin === 'password') await $({ input: node.vars.hacluster_password })`${argv}`
  else await $`${argv}`
}
