import { defineRole } from 'bringup'
import type { Node, Nodes } from 'bringup'
import { choosePcs } from '../../src/pacemaker/pcs/choose.ts'
import type { CommandLine, PcsDialect } from '../../src/pacemaker/pcs/dialect.ts'
import type { ClusterWanted } from '../../src/pacemaker/corosync/cluster_schema.ts'
import { decide } from './decide.ts'
import type { Decision } from './decide.ts'
import { foundOn, linksDown, onlineNodes } from './live.ts'
import { pcsClusterVars } from './vars.ts'
import type { PcsClusterVars } from './vars.ts'

type Member = Node<PcsClusterVars>

export default defineRole({
  summary: 'The nodes are one corosync and pacemaker cluster, which starts at boot; all links connect',
  vars: pcsClusterVars,

  async run({ nodes, vars, check, warn }) {
    const wanted = wantedCluster(nodes, vars)
    const before = decide(wanted, await nodes.map(foundOn))
    await nodes.first.require(
      `no other cluster than ${vars.cluster_name} on the nodes`,
      async () => before.do !== 'refuse' || before.seen,
      before.do === 'refuse' ? before.remedy : '',
    )
    await nodes.each(async (node) => {
      const units = await pcsdUnits(node)
      await Promise.all([
        node.user({ name: 'hacluster', create: false, password: vars.hacluster_password }),
        ...units.map((name) => node.service({ name, state: 'started', enabled: true })),
      ])
    })
    const pcs = await dialect(nodes.first, check, warn)
    await clearPlaceholders(nodes, pcs, before)
    await introduce(nodes, wanted, pcs)
    await form(nodes, wanted, pcs, before)
    await nodes.each((node) =>
      Promise.all(['corosync', 'pacemaker'].map((name) => node.service({ name, enabled: true }))),
    )
    await start(nodes, vars.cluster_start_timeout, pcs, check)
  },
})

function wantedCluster(nodes: Nodes<PcsClusterVars>, vars: PcsClusterVars): ClusterWanted {
  return {
    cluster_name: vars.cluster_name,
    nodes: [...nodes].map((node) => ({
      name: node.name,
      addresses: node.vars.cluster_addresses ?? [node.address],
    })),
    transport: vars.cluster_transport,
    transport_options: vars.cluster_transport_options,
    links: vars.cluster_links,
    totem: vars.cluster_totem,
    quorum: vars.cluster_quorum,
    crypto: vars.cluster_crypto,
    compression: vars.cluster_compression,
  }
}

/** From pcs 0.10 on, a part of pcsd is a unit of its own, which Debian 11's pcsd needs and does not start. */
async function pcsdUnits(node: Member): Promise<string[]> {
  const { exitCode, stdout } = await node.$.read({ nothrow: true })`systemctl cat pcsd-ruby.service`
  // Not every systemd calls it a failure that there is none.
  return exitCode === 0 && stdout.trim() !== '' ? ['pcsd-ruby', 'pcsd'] : ['pcsd']
}

/** The commands of the pcs that is there; in check mode, where it is only planned, those of the newest. */
async function dialect(node: Member, check: boolean, warn: (message: string) => void): Promise<PcsDialect> {
  const { exitCode, stdout } = await node.$.read({ nothrow: check })`pcs --version`
  const { pcs, note } = choosePcs(exitCode === 0 ? stdout : '0.12')
  if (note !== undefined) warn(note)
  return pcs
}

/**
 * Takes away the cluster of one that a distribution's package brings. While its file is there, pcs hands what it learns
 * to the node that the file names (`node1`, which nobody is), and forgets it.
 */
async function clearPlaceholders(
  nodes: Nodes<PcsClusterVars>,
  pcs: PcsDialect,
  before: Decision,
): Promise<void> {
  const clear = before.do === 'set up' || before.do === 'add' ? before.clear : []
  await nodes.named(...clear).each((node) =>
    node.task("no cluster of one from the distribution's package", {
      met: async () =>
        (await foundOn(node)).cluster === null || 'its corosync.conf is removed, and its services stopped',
      apply: async () => run(node, pcs.clusterDestroy('local')),
    }),
  )
}

/** pcs on the first node gets to know pcsd on all, with the password of hacluster. */
async function introduce(
  nodes: Nodes<PcsClusterVars>,
  wanted: ClusterWanted,
  pcs: PcsDialect,
): Promise<void> {
  const { first } = nodes
  await first.task(`pcs knows ${nodes.names.join(', ')}`, {
    met: async ({ $ }) => {
      const { argv } = pcs.authStatus(nodes.names)
      const { exitCode } = await $.read({ nothrow: true })`${argv}`
      return exitCode === 0 || 'introduce them with the password of hacluster'
    },
    apply: async () => run(first, pcs.hostAuth(wanted.nodes)),
  })
}

/** Brings about what was decided; `met` decides again from what the nodes have now. */
async function form(
  nodes: Nodes<PcsClusterVars>,
  wanted: ClusterWanted,
  pcs: PcsDialect,
  before: Decision,
): Promise<void> {
  const via = before.do === 'add' ? nodes.named(before.via).first : nodes.first
  await via.task(`cluster ${wanted.cluster_name}`, {
    met: async () => {
      const decision = decide(wanted, await nodes.map(foundOn))
      return decision.do === 'nothing' || inWords(decision, wanted)
    },
    apply: async () => {
      if (before.do === 'set up') return run(via, pcs.clusterSetup(wanted))
      if (before.do === 'update') return run(via, pcs.configUpdate(wanted))
      if (before.do === 'add')
        for (const node of wanted.nodes.filter(({ name }) => before.nodes.includes(name)))
          await run(via, pcs.nodeAdd(node, { enable: true }))
    },
  })
}

async function start(
  nodes: Nodes<PcsClusterVars>,
  timeout: number,
  pcs: PcsDialect,
  check: boolean,
): Promise<void> {
  const { first } = nodes
  await first.task('pacemaker runs on all nodes', {
    met: async () => {
      const idle = await nodes.map(async (node) => {
        const { exitCode } = await node.$.read({ nothrow: true })`systemctl is-active --quiet pacemaker`
        return exitCode === 0 ? [] : [node.name]
      })
      return idle.flat().length === 0 || `start ${idle.flat().join(', ')}`
    },
    apply: async () => run(first, pcs.clusterStart('all', { wait: timeout })),
  })
  if (check) return
  await first.wait_for({
    condition: async () => {
      const online = await onlineNodes(first)
      const missing = nodes.names.filter((name) => !online.includes(name))
      return missing.length === 0 || `not online: ${missing.join(', ')}`
    },
    description: 'all nodes online',
    timeout,
  })
  await nodes.each((node) =>
    node.wait_for({
      condition: async () => {
        const down = await linksDown(node)
        return down.length === 0 || down.join('; ')
      },
      description: 'all corosync links connected',
      timeout,
    }),
  )
}

/**
 * Runs a pcs command to its end: where one breaks off, some nodes have the cluster's file and others do not. A password
 * that it asks for goes to its standard input.
 */
async function run(node: Member, { argv, stdin }: CommandLine): Promise<void> {
  const $ = node.$({ unbroken: true })
  if (stdin === 'password') await $({ input: node.vars.hacluster_password })`${argv}`
  else await $`${argv}`
}

function inWords(decision: Decision, wanted: ClusterWanted): string {
  switch (decision.do) {
    case 'set up':
      return `set up with ${wanted.nodes.map(({ name, addresses }) => `${name} (${addresses.join(', ')})`).join(' and ')}`
    case 'add':
      return `add ${decision.nodes.join(', ')}`
    case 'update':
      return decision.changes.join('; ')
    case 'refuse':
      return decision.seen
    case 'nothing':
      return ''
  }
}
