import { describe, expect, test } from 'vitest'
import { clustersOf, nodeOf } from '../../../../src/cluster/status/clusters.ts'
import type { HostReport } from '../../../../src/cluster/status/host_report.ts'
import { report, scenario, threeNodes } from './reports.ts'

const names = (reports: readonly HostReport[]): string[] => reports.map((one) => one.host).toSorted()

describe('hosts are one cluster', () => {
  test('when they list the same nodes, running or not', () => {
    for (const name of ['well', 'pacemaker_stopped', 'stopped', 'split_brain']) {
      const { clusters, without } = clustersOf(scenario(name))
      expect(clusters.map((cluster) => [cluster.name, names(cluster.reports)])).toEqual([
        ['lab', ['server1', 'server2']],
      ])
      expect(without).toEqual([])
    }
  })

  test('not when only their names are the same', () => {
    const here = report('well', 'server1')
    const conf = here.conf && {
      ...here.conf,
      nodes: here.conf.nodes.map((node) => ({ ...node, addresses: [`10.9.9.${node.id}`] })),
    }
    const { clusters } = clustersOf([here, { ...here, host: 'elsewhere', conf }])
    expect(clusters.map((cluster) => names(cluster.reports))).toEqual([['server1'], ['elsewhere']])
  })

  test('also through a third, where two of them know different nodes', () => {
    const one = threeNodes()
    const only = (...ids: number[]): HostReport => ({
      ...one,
      host: `knows${ids.join('')}`,
      conf: one.conf && { ...one.conf, nodes: one.conf.nodes.filter((node) => ids.includes(node.id ?? 0)) },
    })
    const { clusters } = clustersOf([only(1), only(3), only(1, 3)])
    expect(clusters).toHaveLength(1)
  })

  test('without a corosync.conf, as on pacemaker_remote, by the nodes that they see', () => {
    const remote = {
      ...report('well', 'server1'),
      host: 'guest',
      conf: undefined,
      quorum: undefined,
      links: undefined,
    }
    const { clusters } = clustersOf([...scenario('well'), remote])
    expect(clusters).toHaveLength(1)
    expect(clusters[0]?.views).toHaveLength(1)
  })
})

test.each([
  ['with nothing', { conf: undefined, monitor: undefined }],
  [
    'with the placeholder of Debian’s package',
    {
      conf: {
        ...report('well', 'server1').conf!,
        name: 'debian',
        nodes: [{ name: 'node1', id: 1, addresses: ['127.0.0.1'] }],
      },
    },
  ],
])('a host %s has no cluster', (_, change) => {
  const { clusters, without } = clustersOf([{ ...report('well', 'server1'), ...change }])
  expect(clusters).toEqual([])
  expect(without).toHaveLength(1)
})

describe('views', () => {
  test('are one where hosts agree, told by the DC', () => {
    const [cluster] = clustersOf(scenario('well').toReversed()).clusters
    expect(cluster?.views.map((view) => [view.hosts.toSorted(), view.members])).toEqual([
      [
        ['server1', 'server2'],
        ['server1', 'server2'],
      ],
    ])
  })

  test('are several where they do not, the one that has a DC first', () => {
    const views = clustersOf(scenario('joining').toReversed()).clusters[0]?.views
    expect(views?.map(({ hosts, status }) => [hosts, status.dc])).toEqual([
      [['server1'], 'server1'],
      [['server2'], undefined],
    ])
  })

  test('are none where nothing runs', () => {
    expect(clustersOf(scenario('stopped')).clusters[0]?.views).toEqual([])
  })
})

test('a host is found among the nodes by its id, else by an address, else by its name', () => {
  const here = { ...report('well', 'server1'), hostname: 'other.example' }
  expect(nodeOf(here)).toBe('server1')
  expect(nodeOf({ ...here, links: undefined })).toBe('server1')
  expect(nodeOf({ ...here, links: undefined, addresses: [], hostname: 'server2.example' })).toBe('server2')
})

test('a host that could not be reached is known as a node by its name or its address', () => {
  const [one] = scenario('unreachable')
  const missed = (host: string, address: string) =>
    clustersOf([one!], [{ host, address, problem: 'gone' }]).clusters[0]?.nodes.find(
      ({ name }) => name === 'server2',
    )?.host
  expect(missed('server2', 'x')).toBe('server2')
  expect(missed('two.example', '192.168.111.102')).toBe('two.example')
  expect(missed('elsewhere', '10.0.0.1')).toBeUndefined()
})
