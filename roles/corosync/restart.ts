import type { Node, Nodes, ReadContext } from 'bringup'
import { atRest } from '../../src/cluster/at_rest.ts'
import { notInSync } from '../../src/operations/drbd_in_step.ts'
import { changesOf } from '../../src/pacemaker/corosync/changes.ts'
import { cmapOf } from '../../src/pacemaker/corosync/cmap.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { Target } from './reload.ts'
import type { CorosyncVars } from './vars.ts'
import { isKeyNewer, readCmap } from './view.ts'
import { RESTART_STAMP } from './paths.ts'

/**
 * Restarts corosync, and Pacemaker with it, on one node after the other. The next one's turn comes when the cluster is whole
 * again: what a node runs, another has to take over.
 */
export async function restartInTurn(
  nodes: Nodes<CorosyncVars>,
  all: readonly string[],
  target: Target,
): Promise<void> {
  await nodes.inTurn(async (node) => {
    if (!target.check) await awaitWhole(node, all)
    await node.task('corosync runs with its file and key', {
      met: async (context) => (await runsAsWanted(node, context, target)) || 'restart corosync and Pacemaker',
      apply: ({ $ }) =>
        $({
          unbroken: true,
        })`sh -c 'systemctl stop pacemaker && systemctl restart corosync && systemctl start pacemaker'`,
    })
    if (!target.check) await awaitWhole(node, all)
  })
}

async function runsAsWanted(
  node: Node<CorosyncVars>,
  context: ReadContext,
  { conf, version, isEncrypted }: Target,
): Promise<boolean> {
  const cmap = (await readCmap(context)) ?? new Map<string, string>()
  if (cmap.has(RESTART_STAMP) || changesOf(cmapOf(conf(node.name)), cmap, version).length > 0) return false
  return !isEncrypted || !(await isKeyNewer(context))
}

async function awaitWhole(node: Node<CorosyncVars>, all: readonly string[]): Promise<void> {
  await node.wait_for({
    condition: async ({ $ }) => {
      const { exitCode, stdout } = await $.read({ nothrow: true })`sh -c ${CRM_MON}`
      if (exitCode !== 0) return 'Pacemaker does not answer'
      const status = parseCrmMon(stdout)
      if (status.dc === undefined) return 'the cluster has no DC'
      if (!status.quorate) return 'the cluster has no quorum'
      const members = new Map(status.nodes.map((one) => [one.name, one]))
      const missing = all.filter((name) => {
        const one = members.get(name)
        return one === undefined || !one.online || one.pending || one.unclean
      })
      if (missing.length > 0) return `not online: ${missing.join(', ')}`
      if (!(await atRest($.read))) return 'the cluster still has something to do'
      const behind = await notInSync($.read)
      return behind.length === 0 || behind.join('; ')
    },
    description: `all nodes online, with quorum and at rest, as ${node.name} sees it`,
    timeout: node.vars.cluster_start_timeout,
  })
}
