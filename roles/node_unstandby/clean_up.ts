import type { ApplyContext, Node, ReadContext } from 'bringup'
import { failCounts } from '../../src/cluster/planned/fail_counts.ts'
import { queryCluster } from '../../src/cluster/read_cib.ts'
import type { DrbdResource } from '../../src/drbd/resource_schema.ts'
import { notInSync } from '../../src/operations/drbd_in_step.ts'
import { emptyCib } from '../../src/pacemaker/cib/empty.ts'
import { parseCrmMon } from '../../src/pacemaker/crm_mon.ts'
import type { ClusterStatus } from '../../src/pacemaker/crm_mon.ts'
import { leftBehind } from '../../src/pacemaker/left_behind.ts'
import type { XmlElement } from '../../src/pacemaker/xml.ts'
import type { NodeUnstandbyVars } from './vars.ts'

type Member = Node<NodeUnstandbyVars>

interface Cleaning {
  readonly node: Member
  /** A node of the cluster that is asked, and that does it. */
  readonly via: Member
  /** Its own. */
  readonly resources: readonly DrbdResource[]
  warn(message: string): void
}

/**
 * Takes away what the node's failure has left in the cluster, and tells what that is. Only once it may run resources: as
 * failures are cleaned up the cluster looks what runs there, and would stop on a node in standby what it finds.
 */
export async function cleanUp(cleaning: Cleaning): Promise<void> {
  await failures(cleaning)
  await fencingHistory(cleaning)
  await fencedByHandler(cleaning)
  await tellOthers(cleaning)
}

/** How long (s) the cluster's daemons may take to tell one another what was asked of one of them. */
const TOLD = 60

async function failures({ node, via }: Cleaning): Promise<void> {
  const { name } = node
  await via.task(`no failures of ${name} on record`, {
    met: async (context) => {
      const { cib, status } = await clusterOf(context)
      const recorded = status.failures.filter((one) => one.node === name)
      const found = [
        ...recorded.map(({ operation, status: said }) => `${operation}: ${said}`),
        ...failCounts(cib, name),
      ]
      return found.length === 0 || `clean up ${found.join('; ')}`
    },
    apply: ({ $ }) => $`crm_resource --cleanup --node ${name}`,
    within: TOLD,
  })
}

async function fencingHistory({ node, via }: Cleaning): Promise<void> {
  const { name } = node
  await via.task(`no fencing of ${name} on record`, {
    met: async (context) => {
      const { status } = await clusterOf(context)
      const events = status.fencing.filter(({ target }) => target === name)
      const said = events.map(({ action, status: how, completed = '' }) =>
        `${action} ${how} ${completed}`.trim(),
      )
      return events.length === 0 || `forget ${said.join('; ')}`
    },
    apply: ({ $ }) => $`stonith_admin --cleanup --history ${name}`,
    within: TOLD,
  })
}

/**
 * With the resource in step, DRBD's handler takes its constraint away itself. One that is there still kept the node from
 * being promoted, and would for ever.
 */
async function fencedByHandler({ node, via, resources }: Cleaning): Promise<void> {
  if (resources.length === 0) return
  const idsOf = async (context: ReadContext): Promise<string[]> =>
    leftBehind((await clusterOf(context)).cib)
      .filter(
        ({ kind, id }) => kind === 'fence' && resources.some(({ name }) => id.startsWith(fenceOf(name))),
      )
      .map(({ id }) => id)
  await via.task("no constraint of DRBD's fencing", {
    met: async (context) => {
      const found = await idsOf(context)
      return found.length === 0 || `remove ${found.join(', ')}`
    },
    apply: async (context) => {
      if ((await notInSync(node.$.read, resources)).length > 0) return
      for (const id of await idsOf(context)) await removeConstraint(context.$, id)
    },
  })
}

/** crm-fence-peer.sh and crm-fence-peer.9.sh: drbd-fence-by-handler-RESOURCE-ID. */
const fenceOf = (resource: string): string => `drbd-fence-by-handler-${resource}-`

async function removeConstraint($: ApplyContext['$'], id: string): Promise<void> {
  await $`cibadmin --delete --scope constraints --xml-text ${`<rsc_location id="${id}"/>`}`
}

/** What others asked for is told, and theirs to take away. */
async function tellOthers({ via, warn }: Cleaning): Promise<void> {
  await via.require(
    'what others have put into the cluster stays',
    async (context) => {
      for (const { id, kind, resource, node = 'some nodes' } of leftBehind((await clusterOf(context)).cib)) {
        if (kind === 'fence') continue
        const does = kind === 'ban' ? `keeps ${resource} off ${node}` : `draws ${resource} to ${node}`
        warn(
          `${id} ${does}: somebody moved it.\nWhere that is over: crm_resource --clear --resource ${resource}`,
        )
      }
      return true
    },
    '',
  )
}

/** Never on record: a CIB may hold fencing passwords. */
async function clusterOf(context: ReadContext): Promise<{ cib: XmlElement; status: ClusterStatus }> {
  const found = await queryCluster(context)
  return { cib: found?.cib ?? emptyCib(), status: parseCrmMon(found?.monitor ?? '<crm_mon/>') }
}
