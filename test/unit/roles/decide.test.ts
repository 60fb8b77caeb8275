import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../../../roles/pcs_cluster/decide.ts'
import type { Found } from '../../../roles/pcs_cluster/decide.ts'
import { clusterOf } from '../../../src/pacemaker/corosync/cluster.ts'
import { clusterSchema } from '../../../src/pacemaker/corosync/cluster_schema.ts'
import { parseConf } from '../../../src/pacemaker/corosync/conf.ts'

const address = (name: string): string => `192.168.111.10${name.slice(-1)}`
const wantedOf = (names: readonly string[], more: object = {}) =>
  clusterSchema.parse({
    cluster_name: 'lab',
    nodes: names.map((name) => ({ name, addresses: [address(name)] })),
    ...more,
  })
const conf = (name: string, nodes: readonly string[], totem = '') => {
  const list = nodes.map(
    (node, id) => `node {\n ring0_addr: ${address(node)}\n name: ${node}\n nodeid: ${id + 1}\n }`,
  )
  return clusterOf(
    parseConf(
      `totem {\n version: 2\n cluster_name: ${name}\n transport: knet\n${totem}}\nnodelist {\n${list.join('\n')}\n}\n`,
    ),
  )
}
const placeholder = clusterOf(
  parseConf(
    'totem {\n version: 2\n cluster_name: debian\n}\nnodelist {\n node {\n name: node1\n nodeid: 1\n ring0_addr: 127.0.0.1\n }\n}\n',
  ),
)
const two = ['server1', 'server2']

describe('what is done about a cluster', () => {
  test.each<[string, Found[], object]>([
    ['no node has one: set it up', two.map((node) => ({ node, cluster: null })), { do: 'set up', clear: [] }],
    [
      "one has its distribution's file, which is nobody's cluster: clear it, and set up",
      [
        { node: 'server1', cluster: null },
        { node: 'server2', cluster: placeholder },
      ],
      { do: 'set up', clear: ['server2'] },
    ],
    ['all are in it', two.map((node) => ({ node, cluster: conf('lab', two) })), { do: 'nothing' }],
    [
      'one is new to it',
      [
        { node: 'server1', cluster: conf('lab', ['server1']) },
        { node: 'server2', cluster: placeholder },
      ],
      { do: 'add', nodes: ['server2'], via: 'server1', clear: ['server2'] },
    ],
    [
      'one that the cluster knows has lost its file: that is a rebuild',
      [
        { node: 'server1', cluster: conf('lab', two) },
        { node: 'server2', cluster: null },
      ],
      { do: 'refuse', seen: 'server1 counts server2 among its cluster, but server2 has no corosync.conf' },
    ],
    [
      'one is in another cluster',
      [
        { node: 'server1', cluster: conf('lab', two) },
        { node: 'server2', cluster: conf('production', ['server2', 'server3']) },
      ],
      { do: 'refuse', seen: expect.stringContaining('cluster_name production → lab') },
    ],
    [
      'the cluster has a node that is not among the nodes of the run',
      two.map((node) => ({ node, cluster: conf('lab', [...two, 'server3']) })),
      { do: 'refuse', seen: expect.stringContaining('nodes server1, server2, server3 → server1, server2') },
    ],
  ])('%s', (_, found, decision) => {
    expect(decide(wantedOf(two), found)).toMatchObject(decision)
  })

  test('an option that a running cluster takes over is an update', () => {
    const found = two.map((node) => ({ node, cluster: conf('lab', two, ' token: 1000\n') }))
    expect(decide(wantedOf(two, { totem: { token: 5000 } }), found)).toEqual({
      do: 'update',
      changes: ['totem.token 1000 → 5000'],
    })
  })

  test('a transport that would need a stop of the cluster is refused', () => {
    const found = two.map((node) => ({ node, cluster: conf('lab', two) }))
    expect(decide(wantedOf(two, { transport: 'udpu' }), found)).toMatchObject({
      do: 'refuse',
      remedy: expect.stringContaining('stop of the whole cluster'),
    })
  })
})

test('a node that is in any real cluster is never cleared, and a cluster is set up only where there is none', () => {
  const names = ['server1', 'server2', 'server3']
  const cluster = fc.oneof(
    fc.constant(null),
    fc.constant(placeholder),
    fc
      .record({ name: fc.constantFrom('lab', 'production'), nodes: fc.subarray(names, { minLength: 1 }) })
      .map(({ name, nodes }) => conf(name, nodes)),
  )
  fc.assert(
    fc.property(
      fc.subarray(names, { minLength: 1 }),
      fc.tuple(cluster, cluster, cluster),
      (nodes, clusters) => {
        const found = nodes.map((node, index) => ({ node, cluster: clusters[index] ?? null }))
        const decision = decide(wantedOf(nodes), found)
        const real = found.filter((one) => one.cluster !== null && one.cluster !== placeholder)
        if (decision.do === 'set up') expect(real).toEqual([])
        if (decision.do === 'set up' || decision.do === 'add')
          for (const node of decision.clear)
            expect(found.find((one) => one.node === node)?.cluster).toBe(placeholder)
        if (decision.do === 'add')
          for (const node of decision.nodes) expect(real.map((one) => one.node)).not.toContain(node)
        if (decision.do === 'nothing') for (const one of real) expect(one.cluster?.name).toBe('lab')
        if (real.some((one) => one.cluster?.name !== 'lab')) expect(decision.do).toBe('refuse')
      },
    ),
  )
})
