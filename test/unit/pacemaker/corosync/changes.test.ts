import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { changesOf, gravest } from '../../../../src/pacemaker/corosync/changes.ts'
import { cmapOf, membersIn, parseCmap } from '../../../../src/pacemaker/corosync/cmap.ts'
import { parseConf } from '../../../../src/pacemaker/corosync/conf.ts'
import { confOf } from '../../../../src/pacemaker/corosync/render.ts'
import { isAtLeast, parseCorosyncVersion } from '../../../../src/pacemaker/corosync/version.ts'
import type { CorosyncVersion } from '../../../../src/pacemaker/corosync/version.ts'
import { anyCluster, cluster, version } from './written.ts'

const cmap = (more: Record<string, unknown> = {}, of: CorosyncVersion = [3, 1]) =>
  cmapOf(confOf(cluster(more), { version: of, bind: ['192.168.0.0'] }))
const from = (
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  of: CorosyncVersion = [3, 1],
) => changesOf(cmap(after, of), cmap(before, of), of)

const UDP = { transport: 'udp', crypto: { cipher: 'none' }, links: [{ mcastaddr: '239.255.1.1' }] }
const node = (id: number) => ({ name: `server${id}`, id, addresses: [`192.168.0.20${id}`] })

const cases: [
  string,
  Record<string, unknown>,
  Record<string, unknown>,
  CorosyncVersion,
  string | undefined,
][] = [
  ['nothing', {}, {}, [3, 1], undefined],
  ['a token', {}, { totem: { token: 5000 } }, [2, 4], 'reload'],
  ['a token no more', { totem: { token: 5000 } }, {}, [3, 1], 'reload'],
  ['the log', {}, { logging: { debug: true } }, [3, 1], 'reload'],
  ['encryption of knet', {}, { crypto: { cipher: 'aes128' } }, [3, 1], 'reload'],
  ['encryption of knet before 3.1', {}, { crypto: { cipher: 'aes128' } }, [3, 0], 'together'],
  ['encryption of corosync 2', {}, { crypto: { cipher: 'none' } }, [2, 4], 'together'],
  ['the transport', {}, UDP, [3, 1], 'together'],
  ['a multicast address', UDP, { ...UDP, links: [{ mcastaddr: '239.255.1.2' }] }, [3, 1], 'together'],
  ['a port', {}, { links: [{ mcastport: 5407 }] }, [3, 1], 'together'],
  ['a priority', {}, { links: [{ link_priority: 2 }] }, [3, 1], 'in turn'],
  ['wait_for_all', {}, { quorum: { wait_for_all: false } }, [3, 1], 'in turn'],
  ['a tie breaker that is off', {}, { quorum: { auto_tie_breaker: false } }, [3, 1], 'reload'],
  ['two_node', {}, { quorum: { two_node: false } }, [3, 1], 'reload'],
  ['one more node', { nodes: [node(1), node(2)] }, { nodes: [node(1), node(2), node(3)] }, [3, 1], 'reload'],
  ['nodes in another order', { nodes: [node(1), node(2)] }, { nodes: [node(2), node(1)] }, [3, 1], undefined],
  [
    'another address',
    { nodes: [node(1), node(2)] },
    { nodes: [node(1), { ...node(2), addresses: ['192.168.0.9'] }] },
    [3, 1],
    'together',
  ],
  ['another id', { nodes: [node(1), node(2)] }, { nodes: [node(1), { ...node(2), id: 9 }] }, [3, 1], 'never'],
  ['another name', {}, { cluster_name: 'other' }, [3, 1], 'never'],
  ['a link option of what was wanted before', { links: [{ link_priority: 2 }] }, {}, [3, 1], 'in turn'],
]

test.each(cases)('%s', (_, before, after, of, effort) => {
  expect(gravest(from(before, after, of).map((one) => one.effort))).toBe(effort)
})

test('a change is told with what was and what is to be', () => {
  expect(from({ totem: { token: 1000 } }, { totem: { token: 3000 } })).toEqual([
    { key: 'totem.token', text: 'totem.token 1000 → 3000', effort: 'reload' },
  ])
})

test('a file without names and list, as one is written by hand, is taken over by a stop of all', () => {
  const byHand = cmapOf(
    parseConf(`totem {
  version: 2
  token: 1000
  interface {
    ringnumber: 0
    bindnetaddr: 192.168.0.0
    mcastaddr: 239.255.1.1
  }
}
quorum {
  provider: corosync_votequorum
  expected_votes: 2
  two_node: 1
}`),
  )
  const wanted = cmap({ ...UDP, totem: { token: 1000 } }, [2, 4])
  expect(gravest(changesOf(wanted, byHand, [2, 4]).map(({ effort }) => effort))).toBe('together')
})

test('what corosync puts into its map itself is no change', () => {
  const running = parseCmap(`nodelist.local_node_pos (u32) = 0
totem.interface.0.bindnetaddr (str) = 192.168.0.201
totem.interface.0.mcastaddr (str) = 239.255.1.1
runtime.config.totem.token (u32) = 3000
bringup.authkey (str) = 00
${[...cmap()].map(([key, value]) => `${key} (str) = ${value}`).join('\n')}`)
  expect(changesOf(cmap(), running, [3, 1])).toEqual([])
})

test('who is in one membership, as corosync 3 and 2 tell it', () => {
  const said = (prefix: string) => `${prefix}members.1.ip (str) = r(0) ip(10.0.0.1)
${prefix}members.1.status (str) = joined
${prefix}members.2.status (str) = left
${prefix}members.3.status (str) = joined`
  for (const prefix of ['runtime.', 'runtime.totem.pg.mrp.srp.'])
    expect(membersIn(parseCmap(said(prefix)))).toEqual([1, 3])
})

test('a cluster that runs as wanted needs nothing, whatever is wanted', () => {
  fc.assert(
    fc.property(anyCluster, version, (wanted, of) => {
      const map = cmapOf(confOf(wanted, { version: of, bind: ['10.0.0.0'] }))
      expect(changesOf(map, map, of)).toEqual([])
    }),
  )
})

test('every difference is told, and one that is undone needs the same again, but for nodes that come and go', () => {
  fc.assert(
    fc.property(anyCluster, anyCluster, version, (one, other, of) => {
      const [a, b] = [one, other].map((each) => cmapOf(confOf(each, { version: of })))
      const keys = (all: readonly { key: string }[]) => all.map(({ key }) => key).toSorted()
      const there = changesOf(a!, b!, of)
      const back = changesOf(b!, a!, of)
      const common = (key: string) => a!.has(key) && b!.has(key) && a!.get(key) !== b!.get(key)
      const differing = [...a!.keys()].filter((key) => common(key) && !key.startsWith('nodelist.'))
      expect(keys(there)).toEqual(expect.arrayContaining(differing))
      for (const change of there.filter(
        ({ key }) => differing.includes(key) && !key.startsWith('totem.crypto'),
      ))
        expect(back.find(({ key }) => key === change.key)?.effort).toBe(change.effort)
    }),
  )
})

test('versions', () => {
  expect(parseCorosyncVersion("Corosync Cluster Engine, version '2.4.5'\nCopyright")).toEqual([2, 4])
  expect(parseCorosyncVersion('command not found')).toBeUndefined()
  expect([isAtLeast([3, 1], [3, 0]), isAtLeast([3, 0], [3, 1]), isAtLeast([2, 9], [3, 0])]).toEqual([
    true,
    false,
    false,
  ])
})
