import { expect, test } from 'vitest'
import { behind } from '../../../src/drbd/syncing.ts'
import { readNode } from '../../../src/drbd/status/read_node.ts'
import { declared } from './declared.ts'
import { FRESH_NODE, reportsOf } from './world.ts'

const pair = declared()

test('nobody, when all are UpToDate', () => {
  const world = [FRESH_NODE, FRESH_NODE].map((node) => ({ ...node, disk: 'UpToDate' }))
  expect(behind(pair, reportsOf(pair, world))).toEqual([])
})

test('with 8.4, which does not tell the size, it follows from what is left and done', () => {
  const report = readNode(declared({ driver: '8.4' }), 'server2', {
    procDrbd: `version: 8.4.11 (api:1/proto:86-101)
 0: cs:SyncTarget ro:Secondary/Secondary ds:Inconsistent/UpToDate C r-----
    ns:0 nr:68528 dw:68528 dr:0 al:8 bm:0 lo:0 pe:0 ua:0 ap:0 ep:1 wo:f oos:400000
	[===>................] sync'ed: 20.0% (400000/500000)K
`,
    status: undefined,
    disks: [],
  })
  expect(behind(pair, [report])).toEqual([
    { name: 'server1', disk: 'not up', outOfSync: undefined, size: undefined },
    { name: 'server2', disk: 'Inconsistent', outOfSync: 400_000, size: 500_000 },
  ])
})
