import { nodeOf } from '../cluster/status/clusters.ts'
import type { Cluster } from '../cluster/status/clusters.ts'
import type { HostReport } from '../cluster/status/host_report.ts'
import type { ClusterStatus, NodeStatus } from '../pacemaker/crm_mon.ts'
import type { Paint } from './style.ts'

/** A line for each node: its state, and how many resources run there. */
export function nodeRows(
  { nodes, reports }: Cluster,
  status: ClusterStatus | undefined,
  paint: Paint,
): string[] {
  const width = Math.max(0, ...nodes.map(({ name }) => name.length))
  return nodes.map(({ name, host }) => {
    const seen = status?.nodes.find((node) => node.name === name)
    const report = reports.find((one) => nodeOf(one) === name)
    const details = [
      stateText(seen, report, paint),
      ...(seen?.online === true && !seen.standby && seen.resourcesRunning === 0
        ? [paint('dim', 'runs nothing')]
        : []),
      ...(host !== undefined && host !== name ? [paint('dim', `host ${host}`)] : []),
      ...(report === undefined
        ? [paint('dim', host === undefined ? 'not asked' : 'could not be asked')]
        : []),
    ]
    return `${name.padEnd(width)}  ${details.join('  ')}`
  })
}

function stateText(node: NodeStatus | undefined, report: HostReport | undefined, paint: Paint): string {
  const down = daemonState(report)
  if (node === undefined) return paint('red', down ?? 'not known')
  const words = [
    ...(node.unclean ? [paint('red', 'UNCLEAN')] : []),
    ...(node.pending
      ? [paint('yellow', 'pending')]
      : node.online
        ? [node.standby || node.maintenance ? '' : down === undefined ? paint('green', 'online') : 'online']
        : [paint('red', 'offline')]),
    ...(node.standby ? [paint('yellow', 'standby')] : []),
    ...(node.maintenance ? [paint('yellow', 'maintenance')] : []),
    ...(node.type === 'member' ? [] : [node.type]),
    ...(down === undefined || node.type !== 'member' ? [] : [paint('red', down)]),
  ]
  return words.filter((word) => word !== '').join(', ')
}

/** A daemon that is not running, which the others may not have noticed yet. */
function daemonState(report: HostReport | undefined): string | undefined {
  const down = ['corosync', 'pacemaker'].find(
    (unit) => report?.units[unit] !== undefined && report.units[unit] !== 'active',
  )
  return down === undefined ? undefined : `${down} ${report?.units[down]}`
}

/** One line where all hosts have the same, which they should. */
export function versionText({ reports }: Cluster): string {
  const alike = Map.groupBy(reports, ({ versions: { pacemaker, corosync, pcs, crmsh } }) =>
    Object.entries({ pacemaker, corosync, pcs, crmsh })
      .filter(([, version]) => version !== null)
      .map(([program, version]) => `${program} ${version}`)
      .join(', '),
  )
  if (alike.size === 1) return [...alike.keys()].join('')
  return [...alike].map(([text, same]) => `${same.map(({ host }) => host).join(', ')}: ${text}`).join('; ')
}
