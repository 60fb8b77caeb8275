import { posix } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from 'bringup'
import type { Node } from 'bringup'
import { activeOn } from '../../src/cluster/planned/services.ts'
import type { ClusterStatus } from '../../src/pacemaker/crm_mon.ts'
import { statusOf } from '../drill_failover/health.ts'
import type { HealVars } from './vars.ts'

type Victim = Node<HealVars>

/** There where a run of ours put the node on standby: nobody else's standby is ever taken off. */
const MARKER = '/var/lib/bringup/heal_split_brain.standby'

const REASON = 'bringup put this node on standby for the time that its data are healed.\n'

/**
 * Pacemaker keeps its hands off the victim meanwhile: it would bring a resource up again that is down, and could start on it what
 * uses the data. Where it does not run, or nobody lets it act, there is nothing to be done.
 */
export async function hold(node: Victim, cluster: ClusterStatus | undefined): Promise<void> {
  const member = cluster?.nodes.find(({ name }) => name === node.name)
  await node.require(
    `${node.name} has no cluster of its own`,
    async ({ $ }) => {
      const { exitCode } = await $.read({ nothrow: true })`systemctl is-active --quiet pacemaker`
      if (exitCode !== 0 || member?.online === true) return true
      return `Pacemaker runs there, and ${cluster === undefined ? 'does not answer' : 'the others do not see it'}`
    },
    'Where the cluster is split, too, mend the network between the nodes first (corosync-cfgtool -s), or stop the cluster on the victim: systemctl stop pacemaker corosync.',
  )
  if (cluster === undefined || member?.online !== true || cluster.maintenance || member.maintenance) return
  if (!member.standby) {
    await node.directory({ path: posix.dirname(MARKER), parents: true })
    await node.file(
      { path: MARKER, content: REASON, mode: '0600' },
      { name: `${node.name} is held by this role` },
    )
  } else if ((await node.readText(MARKER)) === null)
    node.note(
      `${node.name} was on standby before, and stays so; once all is well: playbooks/return-node.yml --limit ${node.name}`,
    )
  await node.task(`${node.name} on standby`, {
    met: async () => {
      const { standby } = await memberOf(node)
      return standby || 'put it on standby, until its data are healed'
    },
    apply: ({ $ }) => $`crm_attribute --node ${node.name} --name standby --update on`,
  })
  const { heal_timeout: timeout } = node.vars
  await node.require(
    `the cluster has let go of ${node.name}`,
    async ({ check, signal }) => {
      const deadline = performance.now() + timeout * 1000
      for (;;) {
        const left = activeOn(await statusOf(node), node.name).filter(({ managed }) => managed)
        if (left.length === 0 || (check && !member.standby)) return true
        if (performance.now() > deadline) return `after ${timeout} s ${shown(left)} still runs there`
        node.progress(`${node.name}: ${shown(left)} still runs there`)
        await delay(1000, undefined, { signal })
      }
    },
    'See why it does not stop: crm_mon -1rf, journalctl -u pacemaker. Then run again.',
  )
}

/** What `hold` did is undone, also by a run that comes after one that died. */
export async function letGo(node: Victim): Promise<void> {
  if ((await node.readText(MARKER)) === null) return
  await node.task(`${node.name} off standby`, {
    met: async () => {
      const { standby } = await memberOf(node)
      return !standby || 'its data are healed: it may run resources again'
    },
    apply: ({ $ }) => $`crm_attribute --node ${node.name} --name standby --delete`,
  })
  await node.file({ path: MARKER, state: 'absent' }, { name: `${node.name} is held no more` })
}

const shown = (resources: readonly { readonly id: string }[]): string =>
  [...new Set(resources.map(({ id }) => id))].join(', ')

async function memberOf(node: Victim): Promise<ClusterStatus['nodes'][number]> {
  const member = (await statusOf(node)).nodes.find(({ name }) => name === node.name)
  if (member !== undefined) return member
  throw new BringupError('NOT_MET', `Pacemaker does not know ${node.name}`, {
    remedy: 'Name the host in the inventory as the cluster does: crm_node -l.',
  })
}
