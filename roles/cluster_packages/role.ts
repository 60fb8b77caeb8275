import { defineRole, z } from 'bringup'

export default defineRole({
  summary: 'Corosync, Pacemaker, pcs and resource agents are installed; no cluster is started by that',
  vars: z.strictObject({
    cluster_packages: z
      .array(z.string())
      .min(1)
      .default(['corosync', 'pacemaker', 'pacemaker-cli-utils', 'pcs', 'resource-agents'])
      .describe(
        'Packages of the cluster stack, fence agents included where some are wanted (fence-agents-ipmilan). On Red Hat systems pacemaker-cli-utils is called pacemaker-cli.',
      ),
  }),

  async run({ nodes, vars }) {
    await nodes.each(async (node) => {
      const rpm = node.facts.packageManager !== 'apt'
      const names = vars.cluster_packages.map((name) =>
        rpm && name === 'pacemaker-cli-utils' ? 'pacemaker-cli' : name,
      )
      // Debian's corosync and pacemaker start a cluster of one node at once; a real setup would then find a cluster.
      // What is merely recommended brings hundreds more, all fence agents among them: name those that are wanted.
      await node.package({ names, start_services: false, recommends: false })
    })
  },
})
