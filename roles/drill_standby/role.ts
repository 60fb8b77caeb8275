import { BringupError, defineRole, z } from 'bringup'
import type { Node } from 'bringup'
import { clusterVars } from '../cluster_resources/vars.ts'
import { placeOf, standby, unableNodes, unstandby } from './moves.ts'
import { awayTimes } from './ping.ts'
import { endWatch, outputOf, startWatch } from './watch.ts'

const vars = z.strictObject({
  cluster_resources: clusterVars.shape.cluster_resources,
  drill_resource: z
    .string()
    .default('vip')
    .describe('The virtual IP that is moved: an IPaddr2 of cluster_resources.'),
  drill_limit: z
    .number()
    .positive()
    .optional()
    .describe('Seconds that the address may be away; longer fails the drill. No limit when left out.'),
  drill_timeout: z.int().positive().default(120).describe('Seconds that each move may take.'),
})

type Vars = z.output<typeof vars>

export default defineRole({
  summary: 'The virtual IP moved to another node and back; how long it was away was seen from outside',
  vars,

  async run({ nodes, check, atEnd }) {
    const cluster = nodes.in('cluster')
    const via = cluster.first
    const observer = nodes.in('observers').first
    const { drill_resource: resource, drill_timeout: timeout, drill_limit: limit } = via.vars
    const origin = await placeOf(via, resource)
    await via.require(
      `${resource} runs, and can move`,
      async () => {
        if (origin === null) return `${resource} runs on no node`
        return cluster.size >= 2 || 'there is only one node'
      },
      'Bring the cluster into order first, with playbooks/vip-cluster.yml.',
    )
    await via.require(
      'every node can take it',
      async () => {
        const unable = await unableNodes(via)
        return unable.length === 0 || unable.join('; ')
      },
      'Bring the node back first. One that nobody put in standby on purpose is what a drill left whose controller died: crm_standby --delete --node NAME.',
    )
    if (check || origin === null) return

    const watch = await startWatch(observer, addressOf(via.vars))
    atEnd(({ nodes: all }) => endWatch(all.named(observer.name).first, watch))
    let seen = 0
    const told = async (from: string, to: string): Promise<void> => {
      const gaps = awayTimes(await outputOf(observer, watch))
      const seconds = Math.max(0, ...gaps.slice(seen).map((gap) => gap.seconds))
      seen = gaps.length
      report(observer, { resource, from, to, seconds, limit })
    }
    const leg = async (from: string): Promise<string> => {
      // A node is never left on standby, whatever goes wrong in between.
      atEnd(({ nodes: all }) => unstandby(all.named(via.name).first, from, resource, timeout))
      const to = await standby(via, from, resource, timeout)
      await told(from, to)
      await unstandby(via, from, resource, timeout)
      const place = (await placeOf(via, resource)) ?? to
      // Where nothing holds a resource, it may go back by itself when its old node is there again.
      if (place !== to) await told(to, place)
      return place
    }
    const away = await leg(origin)
    if (away !== origin) await leg(away)
  },
})

interface Move {
  resource: string
  from: string
  to: string
  seconds: number
  limit: number | undefined
}

function report(observer: Node<Vars>, { resource, from, to, seconds, limit }: Move): void {
  const time = seconds === 0 ? 'less than 0.1 s' : `${seconds.toFixed(2)} s`
  observer.note(`${resource} ${from} → ${to}: did not answer for ${time}`)
  if (limit === undefined || seconds <= limit) return
  throw new BringupError('TASK_FAILED', `${resource} was away for longer than the drill allows`, {
    expected: `at most ${limit} s (drill_limit)`,
    seen: time,
    remedy: 'See the cluster log of that minute on both nodes: journalctl -u pacemaker.',
  })
}

function addressOf(vars: Vars): string {
  const resource = vars.cluster_resources.find(({ id }) => id === vars.drill_resource)
  const ip = resource?.options['ip']
  if (typeof ip === 'string') return ip
  throw new BringupError('VAR_INVALID', `cluster_resources has no address for ${vars.drill_resource}`, {
    remedy: 'Name an IPaddr2 resource with its `ip` in drill_resource.',
  })
}
