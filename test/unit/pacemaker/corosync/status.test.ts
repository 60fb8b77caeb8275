import { describe, expect, test } from 'vitest'
import { clusterOf } from '../../../../src/pacemaker/corosync/cluster.ts'
import { parseConf } from '../../../../src/pacemaker/corosync/conf.ts'
import { brokenLinks, parseLinkStatus, parseQuorumStatus } from '../../../../src/pacemaker/corosync/status.ts'
import { withWatchdog } from '../../../../src/pacemaker/corosync/watchdog.ts'
import { COROSYNCS, fixture } from '../fixture.ts'

test.each(COROSYNCS)('corosync %s: two links to every node', (version) => {
  const status = parseLinkStatus(fixture(`corosync-${version}/cfgtool-s.txt`))
  const nodes = version === '3.1.7' ? 3 : 2
  expect(status).toMatchObject({ nodeId: 1, transport: 'knet', rings: [] })
  expect(status.links).toHaveLength(2 * nodes)
  expect(status.links.map(({ link }) => link)).toEqual([...Array(nodes).fill(0), ...Array(nodes).fill(1)])
  expect(new Set(status.links.map(({ state }) => state))).toEqual(new Set(['localhost', 'connected']))
  expect(brokenLinks(status)).toEqual([])
})

test('links that do not connect are named', () => {
  const status = parseLinkStatus(fixture('corosync-3.1.7/cfgtool-s-node-down.txt'))
  expect(brokenLinks(status, (id) => `server${id}`)).toEqual([
    'link 0 (192.168.52.11) to server3: disconnected',
    'link 1 (10.52.0.11) to server3: disconnected',
  ])
})

describe('older formats', () => {
  test('corosync 3.0 prints flags', () => {
    const status = parseLinkStatus(
      'Printing link status.\nLocal node ID 1\nLINK ID 0\n\taddr\t= 10.0.0.1\n\tstatus:\n\t\tnodeid  1:\tlink enabled:1\tlink connected:1\n\t\tnodeid  2:\tlink enabled:1\tlink connected:0\n',
    )
    expect(status.links.map(({ nodeId, state }) => [nodeId, state])).toEqual([
      [1, 'localhost'],
      [2, 'disconnected'],
    ])
  })

  test('corosync 2 prints rings', () => {
    const status = parseLinkStatus(
      'Printing ring status.\nLocal node ID 1\nRING ID 0\n\tid\t= 10.0.0.1\n\tstatus\t= ring 0 active with no faults\nRING ID 1\n\tid\t= 10.1.0.1\n\tstatus\t= Marking ringid 1 interface 10.1.0.1 FAULTY\n',
    )
    expect(status.rings.map(({ ring, faulty }) => [ring, faulty])).toEqual([
      [0, false],
      [1, true],
    ])
    expect(brokenLinks(status)).toEqual(['ring 1 (10.1.0.1): Marking ringid 1 interface 10.1.0.1 FAULTY'])
  })
})

test.each(COROSYNCS)('corosync %s: quorum', (version) => {
  const nodes = version === '3.1.7' ? 3 : 2
  const status = parseQuorumStatus(fixture(`corosync-${version}/quorumtool-s.txt`))
  expect(status).toMatchObject({ quorate: true, expectedVotes: nodes, totalVotes: nodes })
  expect(status.quorum).toBe(nodes === 2 ? 1 : 2)
  expect(status.flags.includes('2Node')).toBe(nodes === 2)
  expect(status.members[0]).toEqual({ id: 1, votes: 1, name: 'server1', local: true })
  expect(status.members).toHaveLength(nodes)
})

test('a node less', () => {
  const status = parseQuorumStatus(fixture('corosync-3.1.7/quorumtool-s-node-down.txt'))
  expect(status).toMatchObject({ quorate: true, expectedVotes: 3, totalVotes: 2, quorum: 2 })
  expect(status.members.map(({ name }) => name)).toEqual(['server1', 'server2'])
})

// Built from its sources, two nodes with the file that pcs 0.9 writes for them and the watchdog in it.
test('corosync 2.4.6', () => {
  const file = (name: string): string => fixture(`corosync-2.4.6/${name}`)
  const links = parseLinkStatus(file('cfgtool-s.txt'))
  expect(links).toEqual({
    nodeId: 1,
    transport: '',
    links: [],
    rings: [{ ring: 0, address: '192.168.111.101', status: 'ring 0 active with no faults', faulty: false }],
  })
  expect(brokenLinks(links)).toEqual([])
  expect(parseQuorumStatus(file('quorumtool-s.txt'))).toEqual({
    quorate: true,
    expectedVotes: 2,
    totalVotes: 2,
    quorum: 1,
    flags: ['2Node', 'Quorate', 'WaitForAll'],
    members: [
      { id: 1, votes: 1, name: 'server1', local: true },
      { id: 2, votes: 1, name: 'server2', local: false },
    ],
  })
  expect(parseQuorumStatus(file('quorumtool-s-node-down.txt'))).toMatchObject({
    quorate: true,
    totalVotes: 1,
    members: [{ name: 'server1' }],
  })
  const conf = file('corosync.conf')
  expect(clusterOf(parseConf(conf))).toMatchObject({ name: 'vzcluster', transport: 'udpu', device: false })
  expect(withWatchdog(conf, { device: '/dev/watchdog', timeout: 10 })).toBe(conf)
})
