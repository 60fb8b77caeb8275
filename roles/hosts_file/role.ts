import { defineRole, z } from 'bringup'
import { clusterAddresses } from '../pcs_cluster/vars.ts'

export default defineRole({
  summary: 'Every node finds every node by name, without DNS',
  vars: z.strictObject({
    cluster_addresses: clusterAddresses,
    hosts_entries: z
      .record(z.string(), z.union([z.ipv4(), z.ipv6()]))
      .default({})
      .describe('More names in /etc/hosts, each with its address, as that of a virtual IP.'),
  }),

  // With --limit, the nodes that are left out have their lines all the same.
  peers: true,

  async run({ nodes, peers, vars }) {
    const members = [...nodes, ...peers].map((node) => ({
      address: node.vars.cluster_addresses?.[0] ?? node.address,
      names: [node.name],
    }))
    const others = Object.entries(vars.hosts_entries).map(([name, address]) => ({ address, names: [name] }))
    await nodes.each((node) => node.hosts_entries({ entries: [...others, ...members] }))
  },
})
