import type { NodeStatus } from '../../pacemaker/crm_mon.ts'
import { nodeOf } from './clusters.ts'
import type { Cluster, Unreachable } from './clusters.ts'
import type { Finding } from './finding.ts'
import type { HostReport } from './host_report.ts'

/** Nodes that are not fully there, with the reason where it is known, and how to bring them back. */
export function nodeFindings(cluster: Cluster, unreachable: readonly Unreachable[]): Finding[] {
  const reports = new Map(cluster.reports.map((report) => [nodeOf(report), report]))
  return cluster.nodes.flatMap(({ name, host }) => {
    const report = reports.get(name)
    const seen = seenAs(cluster, name)
    const isMissed = unreachable.some((one) => one.host === host)
    return [
      ...absenceFindings(cluster, { name, seen, report, isMissed }),
      ...(seen === undefined ? [] : heldFindings(seen)),
      ...askFindings(report),
    ]
  })
}

interface SeenNode {
  readonly name: string
  readonly seen: NodeStatus | undefined
  readonly report: HostReport | undefined
  readonly isMissed: boolean
}

/** Why a node does not take part; the first reason that is known. */
function absenceFindings({ views }: Cluster, { name, seen, report, isMissed }: SeenNode): Finding[] {
  const unclean: Finding[] =
    seen?.unclean === true
      ? [
          {
            severity: 'wrong',
            text: `${name} is unclean: nobody knows what runs there, so that nothing of it is started elsewhere`,
            next: `If it is sure that ${name} is off: stonith_admin --confirm ${name}. Never before.`,
          },
        ]
      : []
  const stopped = report === undefined ? undefined : stoppedDaemon(report)
  if (report !== undefined && stopped !== undefined) {
    const state = seen?.online === true ? ', which the others do not know yet' : ''
    const next = `on ${report.host}: systemctl start pacemaker (it brings corosync up as well)`
    return [{ severity: 'wrong', text: `${name} is out: ${stopped}${state}`, next }, ...unclean]
  }
  const isWaiting = report?.monitor !== undefined && report.monitor.dc === undefined
  const isLate = isWaiting && views.some(({ status }) => status.dc !== undefined)
  if (isLate || seen?.pending === true) {
    const why = isLate ? 'it knows of no DC' : 'its pacemaker does not take part yet'
    const next = `Ask again in half a minute. If it stays, see journalctl -u pacemaker on ${name}.`
    return [{ severity: 'wrong', text: `${name} has not joined: ${why}`, next }, ...unclean]
  }
  // Where nobody knows of a DC, that is told of the cluster.
  if (seen === undefined || seen.online || isWaiting) return unclean
  const also = isMissed ? ', and does not answer over SSH either' : ''
  return [
    {
      severity: 'wrong',
      text: `${name} is offline${also}`,
      next: `See whether ${name} has power and network.`,
    },
    ...unclean,
  ]
}

/** As the first view has it that sees the node online, else as the first has it. */
function seenAs({ views }: Cluster, name: string): NodeStatus | undefined {
  const all = views.flatMap(({ status }) => status.nodes.filter((node) => node.name === name))
  return all.find((node) => node.online) ?? all[0]
}

/** What an operator has asked for, and may have forgotten. */
function heldFindings({ name, standby, maintenance }: NodeStatus): Finding[] {
  const findings: Finding[] = []
  if (standby)
    findings.push({
      severity: 'notice',
      text: `${name} is in standby: nothing runs there`,
      next: `crm_standby --delete --node ${name}`,
    })
  if (maintenance)
    findings.push({
      severity: 'notice',
      text: `${name} is in maintenance: what runs there is neither watched nor recovered`,
      next: `crm_attribute --node ${name} --name maintenance --delete`,
    })
  return findings
}

function stoppedDaemon({ units }: HostReport): string | undefined {
  if (units.pacemaker_remote === 'active') return undefined
  const down = ['corosync', 'pacemaker'].find((unit) => units[unit] !== undefined && units[unit] !== 'active')
  if (down === undefined) return undefined
  const state = units[down]
  return `${down} ${state === 'inactive' ? 'is stopped' : state === 'failed' ? 'has failed' : `is ${state}`} there`
}

/** Where the daemons run and still do not answer. */
function askFindings(report: HostReport | undefined): Finding[] {
  if (report === undefined || stoppedDaemon(report) !== undefined || report.monitor !== undefined) return []
  const { host, user, isRoot, monitorExit } = report
  if (!isRoot) {
    return [
      {
        severity: 'wrong',
        text: `${host} does not tell ${user} of its cluster`,
        next: 'Ask as root: ansible_become: true in the inventory.',
      },
    ]
  }
  const how = monitorExit === 124 ? 'in time' : `(crm_mon ended with ${monitorExit})`
  return [
    {
      severity: 'wrong',
      text: `pacemaker on ${host} runs and does not answer ${how}`,
      next: `on ${host}: journalctl -u pacemaker; a daemon that hangs is mended by systemctl restart pacemaker`,
    },
  ]
}
