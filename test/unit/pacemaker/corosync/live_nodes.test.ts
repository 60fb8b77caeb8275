import { expect, test } from 'vitest'
import { parseLiveNodes, sameNodes } from '../../../../src/pacemaker/corosync/live_nodes.ts'

const LIVE = `nodelist.local_node_pos (u32) = 0
nodelist.node.0.name (str) = server1
nodelist.node.0.nodeid (u32) = 1
nodelist.node.0.ring0_addr (str) = 10.0.0.1
nodelist.node.1.name (str) = server9
nodelist.node.1.nodeid (u32) = 3
nodelist.node.1.ring0_addr (str) = 10.0.0.9
nodelist.node.1.ring1_addr (str) = 10.0.1.9
`

test('the nodes that corosync runs with', () => {
  const nodes = parseLiveNodes(LIVE)
  expect(nodes).toEqual([
    { name: 'server1', id: 1, addresses: ['10.0.0.1'] },
    { name: 'server9', id: 3, addresses: ['10.0.0.9', '10.0.1.9'] },
  ])
  expect(sameNodes(nodes, nodes.toReversed())).toBe(true)
  expect(sameNodes(nodes, nodes.slice(1))).toBe(false)
  expect(sameNodes(nodes, [nodes[0]!, { ...nodes[1]!, id: 2 }])).toBe(false)
})
