import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusterOf } from '../../../../src/pacemaker/corosync/cluster.ts'
import type { ClusterWanted } from '../../../../src/pacemaker/corosync/cluster_schema.ts'
import { compareCluster } from '../../../../src/pacemaker/corosync/compare.ts'
import { parseConf } from '../../../../src/pacemaker/corosync/conf.ts'
import { confProblems } from '../../../../src/pacemaker/corosync/conf_problems.ts'
import { confText, cryptoOf, transportOf } from '../../../../src/pacemaker/corosync/render.ts'
import type { CorosyncVersion } from '../../../../src/pacemaker/corosync/version.ts'
import { withWatchdog } from '../../../../src/pacemaker/corosync/watchdog.ts'
import type { WrittenCluster } from '../../../../src/pacemaker/corosync/written_schema.ts'
import { anyCluster, cluster, version } from './written.ts'

const UDP = { transport: 'udp', links: [{ mcastaddr: '239.255.1.1', mcastport: 5405, ttl: 1 }] }

test('two nodes that talk by multicast, for corosync 2', () => {
  const wanted = cluster({
    ...UDP,
    totem: { token: 1000 },
    crypto: { cipher: 'none' },
    logging: { logfile: '/var/log/cluster/corosync.log' },
  })
  expect(confText(wanted, { version: [2, 4], bind: ['192.168.0.0'] })).toMatchInlineSnapshot(`
    "totem {
        version: 2
        cluster_name: web
        transport: udp
        crypto_cipher: none
        crypto_hash: none
        token: 1000

        interface {
            ringnumber: 0
            bindnetaddr: 192.168.0.0
            mcastaddr: 239.255.1.1
            mcastport: 5405
            ttl: 1
        }
    }

    nodelist {
        node {
            ring0_addr: 192.168.0.201
            name: server1
            nodeid: 1
        }

        node {
            ring0_addr: 192.168.0.202
            name: server2
            nodeid: 2
        }
    }

    quorum {
        provider: corosync_votequorum
        two_node: 1
    }

    logging {
        to_stderr: no
        to_logfile: yes
        logfile: /var/log/cluster/corosync.log
        to_syslog: yes
        timestamp: on
        debug: off
        fileline: off
    }
    "
  `)
})

test('knet with two links, for corosync 3', () => {
  const wanted = cluster({
    nodes: [
      { name: 'server1', id: 1, addresses: ['10.0.0.1', '10.1.0.1'] },
      { name: 'server2', id: 7, addresses: ['10.0.0.2', '10.1.0.2'] },
      { name: 'server3', id: 3, addresses: ['10.0.0.3', '10.1.0.3'] },
    ],
    links: [{ link_priority: 5 }, { ping_interval: 500, ping_timeout: 2000 }],
    quorum: { wait_for_all: true },
    totem: { block_unlisted_ips: false },
  })
  expect(confText(wanted, { version: [3, 1], bind: ['10.0.0.0', '10.1.0.0'] })).toMatchInlineSnapshot(`
    "totem {
        version: 2
        cluster_name: web
        transport: knet
        crypto_cipher: aes256
        crypto_hash: sha256
        block_unlisted_ips: no

        interface {
            linknumber: 0
            knet_link_priority: 5
        }

        interface {
            linknumber: 1
            knet_ping_interval: 500
            knet_ping_timeout: 2000
        }
    }

    nodelist {
        node {
            ring0_addr: 10.0.0.1
            ring1_addr: 10.1.0.1
            name: server1
            nodeid: 1
        }

        node {
            ring0_addr: 10.0.0.2
            ring1_addr: 10.1.0.2
            name: server2
            nodeid: 7
        }

        node {
            ring0_addr: 10.0.0.3
            ring1_addr: 10.1.0.3
            name: server3
            nodeid: 3
        }
    }

    quorum {
        provider: corosync_votequorum
        wait_for_all: 1
    }

    logging {
        to_stderr: no
        to_logfile: no
        to_syslog: yes
        timestamp: on
        debug: off
        fileline: off
    }
    "
  `)
})

describe('the transport and its encryption, where nothing is said', () => {
  const cases: [CorosyncVersion, string | undefined, string, string][] = [
    [[3, 1], undefined, 'knet', 'aes256 sha256'],
    [[3, 1], 'udp', 'udp', 'none none'],
    [[3, 0], 'udpu', 'udpu', 'none none'],
    [[2, 4], undefined, 'udpu', 'aes256 sha256'],
    [[2, 4], 'udp', 'udp', 'aes256 sha256'],
  ]
  test.each(cases)('%j %s', (of, transport, expected, crypto) => {
    const wanted = cluster({ transport })
    expect(transportOf(wanted, of)).toBe(expected)
    expect(Object.values(cryptoOf(wanted, of)).join(' ')).toBe(crypto)
  })
})

test('what others put into the file stays, at its end', () => {
  const first = confText(cluster(), { version: [3, 1] })
  const fed = withWatchdog(first, { device: '/dev/watchdog', timeout: 6 })
  const again = confText(cluster(), { version: [3, 1], before: parseConf(fed) })
  expect(again).toBe(fed)
  expect(withWatchdog(again, { device: '/dev/watchdog', timeout: 6 })).toBe(again)
})

/** As the file is compared with: the names of pcs, values as text. */
function asCompared(wanted: WrittenCluster, of: CorosyncVersion): ClusterWanted {
  const { provider: _, two_node: __, expected_votes: ___, ...quorum } = wanted.quorum
  const text = (one: boolean | number): string => (typeof one === 'boolean' ? (one ? '1' : '0') : String(one))
  return {
    ...wanted,
    transport: transportOf(wanted, of),
    crypto: { ...wanted.crypto, ...cryptoOf(wanted, of) },
    nodes: wanted.nodes.map(({ name, addresses }) => ({ name, addresses: [...addresses] })),
    quorum: Object.fromEntries(
      Object.entries(quorum).flatMap(([name, one]) => (one === undefined ? [] : [[name, text(one)]])),
    ),
  }
}

test('what is written is read as what was wanted, by any corosync', () => {
  fc.assert(
    fc.property(anyCluster, version, (wanted, of) => {
      const live = clusterOf(parseConf(confText(wanted, { version: of, bind: ['10.0.0.0'] })))
      expect(compareCluster(asCompared(wanted, of), live)).toEqual([])
      expect(live.nodes).toEqual(wanted.nodes.map(({ name, id, addresses }) => ({ name, id, addresses })))
    }),
  )
})

test('no file is without a provider of quorum, and two_node is for two nodes that nothing speaks against', () => {
  fc.assert(
    fc.property(anyCluster, version, (wanted, of) => {
      const { quorum, nodes } = clusterOf(parseConf(confText(wanted, { version: of })))
      expect(quorum.provider).toBe('corosync_votequorum')
      if (confProblems(wanted, of).length === 0 && quorum.two_node === '1') expect(nodes).toHaveLength(2)
    }),
  )
})
