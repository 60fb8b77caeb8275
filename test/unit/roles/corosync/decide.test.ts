import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '../../../../roles/corosync/decide.ts'
import type { Course, Question, Refusal } from '../../../../roles/corosync/decide.ts'
import type { CorosyncView } from '../../../../roles/corosync/view.ts'
import { parseConf } from '../../../../src/pacemaker/corosync/conf.ts'
import { confOf } from '../../../../src/pacemaker/corosync/render.ts'
import { cluster } from '../../pacemaker/corosync/written.ts'
import { view } from './view.ts'
import type { Seen } from './view.ts'

interface Asked extends Partial<Pick<Question, 'key' | 'together' | 'version'>> {
  /** More of what is wanted. */
  readonly want?: Record<string, unknown>
  /** How many of the last views are only looked at. */
  readonly peers?: number
}

function asked(
  views: readonly CorosyncView[],
  { want = {}, peers = 0, ...more }: Asked = {},
): Refusal | Course {
  const wanted = cluster(want)
  const version = more.version ?? [3, 1]
  const hosts = views.map((one, index) => ({
    view: one,
    conf: confOf(wanted, { version }),
    isPeer: index >= views.length - peers,
  }))
  return decide({ wanted, version, hosts, key: 'keep', together: false, ...more })
}
const both = (seen: Seen): CorosyncView[] => [view(1, seen), view(2, seen)]

const PACKAGED = parseConf(`totem {
  version: 2
  cluster_name: debian
}
nodelist {
  node {
    name: node1
    nodeid: 1
    ring0_addr: 127.0.0.1
  }
}`)

test('bare machines: a key is made, nothing is stopped', () => {
  expect(asked(both({ file: null, key: null, runs: false }))).toEqual({
    do: 'go',
    key: { do: 'make', instead: null },
    fresh: [],
    stop: false,
    reload: false,
    inTurn: [],
    told: [],
  })
})

test("the cluster of one of Debian's package is nobody's, also where it runs", () => {
  const running = new Map([
    ['totem.cluster_name', 'debian'],
    ['nodelist.node.0.ring0_addr', '127.0.0.1'],
  ])
  const packaged = both({ key: null }).map((one) => ({ ...one, conf: PACKAGED, cmap: running }))
  expect(asked(packaged)).toMatchObject({ do: 'go', fresh: ['server1', 'server2'], stop: false, told: [] })
})

test('all as wanted: nothing', () => {
  expect(asked(both({}))).toMatchObject({
    do: 'go',
    fresh: [],
    stop: false,
    reload: false,
    inTurn: [],
    told: [],
  })
})

test('what is written but not taken over yet, as by a run that died, is found in what runs', () => {
  const old = cluster({ totem: { token: 1000 } })
  expect(asked(both({ running: old }))).toMatchObject({ do: 'go', reload: true, stop: false })
  const single = asked([view(1), view(2, { running: cluster({ quorum: { wait_for_all: false } }) })])
  expect(single).toMatchObject({ do: 'go', inTurn: ['server2'], stop: false })
})

const udp = { transport: 'udp', links: [{ mcastaddr: '239.255.1.1' }] }

test('a stop of all: at once where nothing runs, else only when it is allowed', () => {
  expect(asked(both({}), { want: udp })).toMatchObject({ do: 'go', stop: true, reload: false, inTurn: [] })
  const busy = [view(1, { resources: ['vip'] }), view(2)]
  expect(asked(busy, { want: udp })).toMatchObject({
    do: 'refuse',
    seen: expect.stringMatching(/totem.transport knet → udp.*Pacemaker runs vip/),
    remedy: expect.stringContaining('-e corosync_together=true'),
  })
  expect(asked(busy, { want: udp, together: true })).toMatchObject({ do: 'go', stop: true })
})

test('a new key: read again by corosync 3.1, else a stop of all; of no matter without encryption', () => {
  const replaced = (more: Asked) => asked(both({ file: cluster(more.want) }), { key: 'replace', ...more })
  expect(replaced({})).toMatchObject({
    reload: true,
    stop: false,
    told: [expect.stringContaining('a new key')],
  })
  expect(replaced({ version: [3, 0] })).toMatchObject({ reload: false, stop: true })
  expect(replaced({ want: { crypto: { cipher: 'none' } } })).toMatchObject({ reload: false, stop: false })
})

const refusals: [string, CorosyncView[], Asked, string][] = [
  [
    'another cluster',
    [view(1), view(2, { file: cluster({ cluster_name: 'db' }), runs: false })],
    {},
    'in the cluster db',
  ],
  [
    'a node that the inventory does not have',
    both({}),
    { want: { nodes: [{ name: 'server1', id: 1, addresses: ['192.168.0.201'] }] } },
    'counts server2',
  ],
  [
    'another id',
    both({}),
    {
      want: {
        nodes: [1, 2].map((id) => ({ name: `server${id}`, id: id + 5, addresses: [`192.168.0.20${id}`] })),
      },
    },
    'as node 1, and 6 is wanted',
  ],
  [
    'versions that do not hear each other',
    [view(1), { ...view(2), version: [2, 4] as const }],
    {},
    'corosync 2.4',
  ],
  ['one that does not answer', [view(1), { ...view(2), cmap: new Map() }], {}, 'does not answer'],
  [
    'a peer that would keep its file',
    both({}),
    { want: { totem: { token: 9000 } }, peers: 1 },
    'server2 would keep another',
  ],
  [
    'a peer without a file',
    [view(1), view(2, { file: null, runs: false })],
    { peers: 1 },
    'server2 has no corosync.conf',
  ],
  [
    'a peer without the key',
    [view(1), view(2, { key: null })],
    { peers: 1 },
    'server2 would be left without the key',
  ],
  [
    'a peer that runs as before',
    [view(1), view(2, { running: cluster({ totem: { token: 1 } }) })],
    { peers: 1 },
    'server2 does not run with',
  ],
  ['a new key for a part', both({}), { key: 'replace', peers: 1 }, 'leave out server2'],
]

test.each(refusals)('%s is refused', (_, views, more, seen) => {
  expect(asked(views, more)).toMatchObject({
    do: 'refuse',
    seen: expect.stringContaining(seen),
    remedy: expect.stringMatching(/\w/),
  })
})

test('a limited run goes on where those that are left out are as wanted', () => {
  expect(asked([view(1, { runs: false }), view(2)], { peers: 1 })).toMatchObject({ do: 'go', told: [] })
})

test('nothing is ever stopped on all nodes while resources run, unless that is allowed', () => {
  const seen = fc.record({
    runs: fc.boolean(),
    key: fc.constantFrom('a', 'b', null),
    isKeyNewer: fc.boolean(),
    file: fc.constantFrom(null, cluster(), cluster(udp), cluster({ quorum: { wait_for_all: false } })),
    members: fc.constantFrom([1, 2], [1], [2]),
  })
  const wants = [{}, udp, { crypto: { cipher: 'aes128' } }, { totem: { token: 9000 } }]
  fc.assert(
    fc.property(
      seen,
      seen,
      fc.constantFrom(...wants),
      fc.constantFrom('keep' as const, 'replace' as const),
      (one, other, want, key) => {
        const views = [
          view(1, { ...one, resources: one.runs ? ['vip'] : [] }),
          view(2, { ...other, resources: other.runs ? ['vip'] : [] }),
        ]
        const course = asked(views, { want, key })
        if (course.do === 'refuse') {
          expect(course.remedy).not.toBe('')
          return
        }
        if (one.runs || other.runs) expect(course.stop).toBe(false)
        // What runs is never taken for a machine without a cluster.
        for (const found of views) if (found.cmap !== null) expect(course.fresh).not.toContain(found.name)
        expect(course.told.length > 0).toBe(course.stop || course.reload || course.inTurn.length > 0)
      },
    ),
  )
})
