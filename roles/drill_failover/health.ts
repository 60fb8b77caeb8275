import type { Node, Nodes } from 'bringup'
import { CRM_MON, parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../src/pacemaker/crm_mon.ts'
import { notInSync } from '../../src/operations/drbd_in_step.ts'

export async function statusOf<V>(via: Node<V>): Promise<ClusterStatus> {
  const { stdout } = await via.$.read({
    timeout: 60,
  })`sh -c ${CRM_MON}`
  return parseCrmMon(stdout)
}

/** What keeps the cluster from taking another blow, in words; empty when nothing does. */
export function unhealthy(status: ClusterStatus, resources: readonly string[]): string[] {
  if (status.dc === undefined) return ['the cluster has no DC']
  const nodes = status.nodes.flatMap(({ name, online, standby, maintenance, pending, unclean }) => {
    const bad = {
      offline: !online,
      'in standby': standby,
      'in maintenance': maintenance,
      joining: pending,
      unclean,
    }
    const said = Object.entries(bad).filter(([, is]) => is)
    return said.length === 0 ? [] : [`${name} is ${said.map(([word]) => word).join(' and ')}`]
  })
  const idle = resources.filter(
    (id) => !status.resources.some((one) => one.id === id && one.role === 'Started' && !one.failed),
  )
  const busy = status.resources.filter((one) => isMoving(one) || one.blocked)
  return [
    ...(status.quorate ? [] : ['the cluster has no quorum']),
    ...(status.maintenance ? ['the cluster is in maintenance'] : []),
    ...nodes,
    ...idle.map((id) => `${id} does not run`),
    ...busy.map(({ id, pending }) => `${id} is ${pending ?? 'blocked'}`),
  ]
}

/** The node that each of them runs on, undefined where it does not, or not yet. */
export function startedOn(status: ClusterStatus, resources: readonly string[]): (string | undefined)[] {
  return resources.map((id) => {
    const found = status.resources.find((one) => one.id === id)
    return found?.role === 'Started' && !isMoving(found) && !found.failed ? found.nodes[0] : undefined
  })
}

/** Whether it is on its way to another state; one that has just started is only looked at once more. */
const isMoving = ({ pending }: { readonly pending: string | undefined }): boolean =>
  pending !== undefined && pending !== 'Monitoring'

/** What {@link unhealthy} says, with what DRBD says on every node. */
export async function notWell<V>(
  via: Node<V>,
  cluster: Nodes<V>,
  resources: readonly string[],
): Promise<string[]> {
  const [status, ...drbd] = await Promise.all([
    statusOf(via),
    ...[...cluster].map(async (node) => {
      const said = await notInSync(node.$.read({ timeout: 60 })).catch(() => ['it does not answer'])
      return said.map((text) => `${node.name}: ${text}`)
    }),
  ])
  return [...unhealthy(status, resources), ...drbd.flat()]
}
