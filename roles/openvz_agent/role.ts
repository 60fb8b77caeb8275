import { defineRole, z } from 'bringup'
import type { Node } from 'bringup'

const PROVIDER = '/usr/lib/ocf/resource.d/bringup'
const AGENTS = ['openvz', 'openvz_ct'] as const
const UNITS = ['vz.service', 'prl-disp.service']

const vars = z.strictObject({
  openvz_started_by: z
    .enum(['pacemaker', 'boot'])
    .default('pacemaker')
    .describe(
      'Who starts vz and prl-disp: the cluster, with all containers (ocf:bringup:openvz); or each node as it boots, and the cluster single containers (ocf:bringup:openvz_ct)',
    ),
})

type AgentNode = Node<z.output<typeof vars>>

export default defineRole({
  summary: 'Pacemaker can run OpenVZ 7: its services with all containers, or single containers',
  vars,

  async run({ nodes, check }) {
    await nodes.each(async (node) => {
      await node.directory({ path: PROVIDER, parents: true })
      for (const agent of AGENTS)
        await node.file({
          path: `${PROVIDER}/${agent}`,
          source: agent,
          mode: '0755',
          validate: (path) => ['sh', '-n', path],
        })
      if (!check) for (const agent of AGENTS) await requireAnswer(node, agent)
      await startedBy(node)
    })
  },
})

/** An agent that cannot say what it is would be found out only as the cluster starts it. */
async function requireAnswer(node: AgentNode, agent: string): Promise<void> {
  await node.require(
    `ocf:bringup:${agent} tells what it is`,
    async ({ $ }) => {
      const { exitCode, stdout, stderr } = await $.read({
        nothrow: true,
        env: { OCF_ROOT: '/usr/lib/ocf' },
      })`${PROVIDER}/${agent} meta-data`
      return (
        (exitCode === 0 && stdout.includes(`<resource-agent name="${agent}"`)) ||
        `exit code ${exitCode}: ${stderr.trim()}`
      )
    },
    'Play cluster_packages before: the agents use the shell functions of the package resource-agents.',
  )
}

async function startedBy(node: AgentNode): Promise<void> {
  const pacemaker = node.vars.openvz_started_by === 'pacemaker'
  for (const name of UNITS) await node.service({ name, enabled: !pacemaker })
  // At shutdown Pacemaker stops what it started; systemd, which would stop these units at the same time, comes after it.
  await node.dropin({
    unit: 'resource-agents-deps.target',
    name: 'bringup-openvz',
    ...(pacemaker ? { sections: { Unit: { After: UNITS } } } : { state: 'absent' }),
  })
}
