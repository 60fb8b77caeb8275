import { describe, expect, test } from 'vitest'
import { brokenLinks, parseLinkStatus, parseQuorumStatus } from '../../../../src/pacemaker/corosync/status.ts'
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
