import type { Node } from 'bringup'
import { clusterOf } from '../../src/pacemaker/corosync/cluster.ts'
import { parseConf } from '../../src/pacemaker/corosync/conf.ts'
import { brokenLinks, parseLinkStatus } from '../../src/pacemaker/corosync/status.ts'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { Found } from './decide.ts'

/** What a node's corosync.conf says. */
export async function foundOn<V>(node: Node<V>): Promise<Found> {
  const text = await node.readText('/etc/corosync/corosync.conf')
  return { node: node.name, cluster: text === null ? null : clusterOf(parseConf(text)) }
}

/** Names that pacemaker, as this node sees it, has online; empty while it does not run. */
export async function onlineNodes<V>(node: Node<V>): Promise<string[]> {
  const { exitCode, stdout } = await node.$.read({ nothrow: true })`sh -c ${CRM_MON}`
  if (exitCode !== 0) return []
  const status = parseCrmMon(stdout)
  return status.dc === undefined
    ? []
    : status.nodes.filter((one) => one.online && !one.pending).map((one) => one.name)
}

/** Links of this node that do not connect, in words. */
export async function linksDown<V>(node: Node<V>): Promise<string[]> {
  const { exitCode, stdout, stderr } = await node.$.read({ nothrow: true })`corosync-cfgtool -s`
  const status = parseLinkStatus(stdout)
  // corosync 2 ends with 1 where a ring is faulty, and says which.
  return exitCode === 0 || status.rings.length > 0
    ? brokenLinks(status)
    : [`corosync does not answer: ${stderr.trim()}`]
}
