import { defineRole, z } from 'bringup'
import type { Node } from 'bringup'
import { clusterAddresses } from '../pcs_cluster/vars.ts'
import { clocksAhead } from './clocks.ts'
import type { ClockReading } from './clocks.ts'

const vars = z.strictObject({
  cluster_addresses: clusterAddresses,
  preflight_clock_skew: z
    .number()
    .positive()
    .default(5)
    .describe('Seconds that the clocks of the nodes may be apart.'),
})

type Vars = z.output<typeof vars>

export default defineRole({
  summary: 'The machines are fit to become a cluster; nothing is changed',
  vars,

  async run({ nodes, vars }) {
    const boots = new Map<string, string>()
    for (const node of nodes) {
      const twin = boots.get(node.facts.bootId)
      boots.set(node.facts.bootId, node.name)
      await node.require(
        'a machine of its own',
        async () => twin === undefined || `${twin} and ${node.name} are the same machine`,
        'Give each host of the inventory the address of its own machine.',
      )
    }
    await nodes.each(fitness)
    const ahead = clocksAhead(await nodes.map(clockOf))
    await nodes.each((node) =>
      node.require(
        `a clock within ${vars.preflight_clock_skew} s of the others`,
        async () => {
          const { seconds = 0, of } = ahead.get(node.name) ?? {}
          return seconds <= vars.preflight_clock_skew || `${Math.ceil(seconds)} s ahead of ${of}`
        },
        'Set the clocks, with chrony or systemd-timesyncd: logs, keys and certificates of a cluster depend on them.',
      ),
    )
  },
})

async function clockOf(node: Node<Vars>): Promise<ClockReading> {
  const now = (): number => performance.now() / 1000
  const asked = now()
  const said = Number((await node.$.read`date +%s`).stdout)
  return { node: node.name, asked, said, answered: now() }
}

function fitness(node: Node<Vars>): Promise<unknown> {
  const { facts } = node
  const own = facts.addresses.map(({ address }) => address)
  return Promise.all([
    node.require(
      'root',
      async ({ $ }) => {
        const user = (await $.read`id -un`).stdout.trim()
        return user === 'root' || `commands run as ${user}`
      },
      'Log in as root, or set `become: true` for the host.',
    ),
    node.require(
      'systemd 219 or newer',
      async () => (facts.systemd ?? 0) >= 219 || `systemd ${facts.systemd ?? 'is not there'}`,
      'Services are managed through systemd; use a platform that runs it.',
    ),
    node.require(
      'a package manager that is known (apt, dnf or yum)',
      async () => facts.packageManager !== null || `${facts.os.name} with none of them`,
      'Use Debian, Ubuntu, or a system of the Red Hat family.',
    ),
    ...(node.vars.cluster_addresses ?? [node.address]).map((address) =>
      node.require(
        `its cluster address ${address}`,
        async () => own.includes(address) || `has ${own.join(', ')}`,
        'Set cluster_addresses of this host to addresses that it has, one per corosync link.',
      ),
    ),
  ])
}
