import { defineRole } from 'bringup'
import type { Nodes } from 'bringup'
import type { PcsDialect } from '../../src/pacemaker/pcs/dialect.ts'
import type { ClusterWanted } from '../../src/pacemaker/corosync/cluster_schema.ts'
import { awaitLinks, awaitOnline } from './await.ts'
import { decide } from './decide.ts'
import type { Decision } from './decide.ts'
import { foundOn } from './live.ts'
import { introduce, pcsOn, runPcs, startPcsd } from './pcs.ts'
import { pcsClusterVars } from './vars.ts'
import type { PcsClusterVars } from './vars.ts'
import { wantedCluster } from './wanted.ts'

export default defineRole({
  summary: 'The nodes are one corosync and pacemaker cluster, which starts at boot; all links connect',
  vars: pcsClusterVars,

  async run({ nodes, vars, check, warn }) {
    const wanted = wantedCluster([...nodes], vars)
    const before = decide(wanted, await nodes.map(foundOn))
    await nodes.first.require(
      `no other cluster than ${vars.cluster_name} on the nodes`,
      async () => before.do !== 'refuse' || before.seen,
      before.do === 'refuse' ? before.remedy : '',
    )
    await nodes.each(startPcsd)
    const pcs = await pcsOn(nodes.first, check, warn)
    await clearPlaceholders(nodes, pcs, before)
    await introduce(nodes.first, wanted.nodes, pcs)
    await form(nodes, wanted, pcs, before)
    await nodes.each((node) =>
      Promise.all(['corosync', 'pacemaker'].map((name) => node.service({ name, enabled: true }))),
    )
    await start(nodes, vars.cluster_start_timeout, pcs, check)
  },
})

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
      apply: async () => runPcs(node, pcs.clusterDestroy('local')),
    }),
  )
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
      if (before.do === 'set up') return runPcs(via, pcs.clusterSetup(wanted))
      if (before.do === 'update') return runPcs(via, pcs.configUpdate(wanted))
      if (before.do === 'add')
        for (const node of wanted.nodes.filter(({ name }) => before.nodes.includes(name)))
          await runPcs(via, pcs.nodeAdd(node, { enable: true }))
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
    apply: async () => runPcs(first, pcs.clusterStart('all', { wait: timeout })),
  })
  if (check) return
  await awaitOnline(first, nodes.names, timeout)
  await nodes.each((node) => awaitLinks(node, timeout))
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
