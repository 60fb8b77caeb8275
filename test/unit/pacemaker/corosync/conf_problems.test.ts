import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { confProblems } from '../../../../src/pacemaker/corosync/conf_problems.ts'
import { cryptoOf, transportOf } from '../../../../src/pacemaker/corosync/render.ts'
import type { CorosyncVersion } from '../../../../src/pacemaker/corosync/version.ts'
import { writtenSchema } from '../../../../src/pacemaker/corosync/written_schema.ts'
import { anyCluster, cluster, version } from './written.ts'

const MULTICAST = { mcastaddr: '239.255.1.1', mcastport: 5405, ttl: 1 }
const THREE = [1, 2, 3].map((id) => ({ name: `server${id}`, id, addresses: [`10.0.0.${id}`] }))
const two = (one: string[], other: string[]) => [
  { name: 'server1', id: 1, addresses: one },
  { name: 'server2', id: 2, addresses: other },
]

const cases: [string, Record<string, unknown>, CorosyncVersion, string[]][] = [
  ['nothing said', {}, [3, 1], []],
  ['the seed of all', { transport: 'udp', links: [MULTICAST], crypto: { cipher: 'none' } }, [2, 4], []],
  ['encrypted multicast of corosync 2', { transport: 'udp', links: [MULTICAST] }, [2, 4], []],
  [
    'encrypted multicast of corosync 3',
    { transport: 'udp', crypto: { cipher: 'aes256' } },
    [3, 1],
    ['crypto: udp of corosync 3 cannot encrypt; only knet can'],
  ],
  [
    'a cipher alone',
    { crypto: { cipher: 'aes256', hash: 'none' } },
    [3, 1],
    ['crypto: a cipher needs a hash too'],
  ],
  ['knet of corosync 2', { transport: 'knet' }, [2, 4], ['transport knet needs corosync 3']],
  [
    'hires of corosync 2',
    { logging: { timestamp: 'hires' } },
    [2, 4],
    ['logging: timestamp hires needs corosync 3'],
  ],
  [
    'two links of udpu',
    { transport: 'udpu', nodes: two(['10.0.0.1', '10.1.0.1'], ['10.0.0.2', '10.1.0.2']) },
    [3, 1],
    ['udpu of corosync 3 has 1 link, and 2 are wanted'],
  ],
  [
    'a node with fewer addresses',
    { nodes: two(['10.0.0.1', '10.1.0.1'], ['10.0.0.2']) },
    [3, 1],
    ['nodes have different numbers of addresses: server1 2, server2 1'],
  ],
  [
    'an address twice',
    { nodes: two(['10.0.0.1'], ['10.0.0.1']) },
    [3, 1],
    ['the address 10.0.0.1 is that of two nodes'],
  ],
  ['multicast with knet', { links: [{ ttl: 1 }] }, [3, 1], ['link 0: ttl is none of knet']],
  [
    'multicast with udpu',
    { transport: 'udpu', links: [{ ttl: 1 }] },
    [3, 1],
    ['link 0: ttl is none of udpu'],
  ],
  [
    'priorities with udp',
    { transport: 'udp', links: [{ link_priority: 1 }] },
    [3, 1],
    ['link 0: link_priority is none of udp'],
  ],
  [
    'no multicast address',
    { transport: 'udp', links: [{ mcastaddr: '10.0.0.1' }] },
    [3, 1],
    ['link 0: 10.0.0.1 is no multicast address'],
  ],
  [
    'a multicast address of another family',
    { transport: 'udp', links: [{ mcastaddr: 'ff15::1' }] },
    [3, 1],
    ["link 0: mcastaddr ff15::1 is of another family than the nodes' addresses"],
  ],
  [
    'broadcast and multicast',
    { transport: 'udp', links: [{ ...MULTICAST, broadcast: true }] },
    [3, 1],
    ['link 0: broadcast and mcastaddr exclude each other'],
  ],
  [
    'a ttl and a port out of range',
    { transport: 'udp', links: [{ ttl: 256, mcastport: 70_000 }] },
    [3, 1],
    ['link 0: ttl 256 is not 0 to 255', 'link 0: mcastport 70000 is no port'],
  ],
  [
    'a link that no node is on',
    { links: [{}, { mcastport: 5407 }] },
    [3, 1],
    ['link 1: no node has an address on it'],
  ],
  [
    'two_node for three',
    { nodes: THREE, quorum: { two_node: true } },
    [3, 1],
    ['quorum: two_node with 3 nodes'],
  ],
  [
    'votes of nobody',
    { quorum: { expected_votes: 3 } },
    [3, 1],
    ['quorum: expected_votes 3, and there are 2 nodes'],
  ],
  [
    'two ways out of a tie',
    { quorum: { auto_tie_breaker: true } },
    [3, 1],
    ['quorum: auto_tie_breaker and two_node exclude each other; set two_node: false'],
  ],
  ['a tie breaker alone', { quorum: { auto_tie_breaker: true, two_node: false } }, [3, 1], []],
  ['more than a line', { totem: { token: '1000\n}' } }, [3, 1], ['token: must be one line without braces']],
]

test.each(cases)('%s', (_, more, of, problems) => {
  expect(confProblems(cluster(more), of)).toEqual(problems)
})

test.each([null, { provider: '' }, { provider: null }])(
  'an empty quorum section is refused: %j',
  (quorum) => {
    const result = writtenSchema.safeParse({ cluster_name: 'web', nodes: THREE, quorum })
    expect(result.error?.issues.map(({ message }) => message)).toEqual([
      expect.stringContaining('corosync hangs after a node has failed'),
    ])
  },
)

test('where nothing is wrong, corosync 3 encrypts with knet only, and has one link without it', () => {
  fc.assert(
    fc.property(anyCluster, version, (wanted, of) => {
      if (confProblems(wanted, of).length > 0) return
      const transport = transportOf(wanted, of)
      const { cipher, hash } = cryptoOf(wanted, of)
      if (of[0] === 3 && transport !== 'knet') {
        expect([cipher, hash]).toEqual(['none', 'none'])
        expect(wanted.nodes[0]?.addresses).toHaveLength(1)
      }
      if (of[0] === 2) expect(transport).not.toBe('knet')
      expect(cipher === 'none' || hash !== 'none').toBe(true)
    }),
  )
})
