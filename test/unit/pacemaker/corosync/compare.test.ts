import type * as z from 'zod'
import { describe, expect, test } from 'vitest'
import { clusterOf, isPlaceholder } from '../../../../src/pacemaker/corosync/cluster.ts'
import { clusterSchema } from '../../../../src/pacemaker/corosync/cluster_schema.ts'
import { compareCluster, verdict } from '../../../../src/pacemaker/corosync/compare.ts'
import { parseConf } from '../../../../src/pacemaker/corosync/conf.ts'
import { fixture } from '../fixture.ts'

const live = (file: string) => clusterOf(parseConf(fixture(file)))

type Wanted = z.input<typeof clusterSchema>

/** As the cluster of the fixture was set up, by the command of its dialect. */
const TRIAL: Wanted = {
  cluster_name: 'trial',
  nodes: [
    { name: 'server1', addresses: ['192.168.53.11', '10.53.0.11'] },
    { name: 'server2', addresses: ['192.168.53.12', '10.53.0.12'] },
  ],
  transport: 'knet',
  transport_options: { ip_version: 'ipv4' },
  links: [{ link_priority: 10 }, { linknumber: 1, link_priority: 5, ping_interval: 500, ping_timeout: 2000 }],
  totem: { token: 6000 },
  quorum: { wait_for_all: true },
  crypto: { cipher: 'aes128', hash: 'sha256' },
  compression: { model: 'zlib' },
}

const compared = (input: Wanted, file = 'corosync-3.1.9/knet-options.conf') =>
  compareCluster(clusterSchema.parse(input), live(file))

test('a corosync.conf as a cluster', () => {
  expect(live('corosync-3.1.9/knet-options.conf')).toMatchInlineSnapshot(`
    {
      "crypto": {
        "cipher": "aes128",
        "hash": "sha256",
      },
      "device": false,
      "links": Map {
        0 => {
          "knet_link_priority": "10",
        },
        1 => {
          "knet_link_priority": "5",
          "knet_ping_interval": "500",
          "knet_ping_timeout": "2000",
        },
      },
      "name": "trial",
      "nodes": [
        {
          "addresses": [
            "192.168.53.11",
            "10.53.0.11",
          ],
          "id": 1,
          "name": "server1",
        },
        {
          "addresses": [
            "192.168.53.12",
            "10.53.0.12",
          ],
          "id": 2,
          "name": "server2",
        },
      ],
      "quorum": {
        "provider": "corosync_votequorum",
        "two_node": "1",
        "wait_for_all": "1",
      },
      "totem": {
        "cluster_uuid": "715e3096b4dd483798e51e98141fcd8d",
        "ip_version": "ipv4",
        "knet_compression_model": "zlib",
        "token": "6000",
        "version": "2",
      },
      "transport": "knet",
    }
  `)
})

test('a cluster is as it was set up', () => {
  expect(compared(TRIAL)).toEqual([])
  expect(verdict([])).toBe('none')
  expect(compared({ cluster_name: 'trial', nodes: [{ name: 'server1' }, { name: 'server2' }] })).toEqual([])
})

test('so is one with udpu', () => {
  const nodes = [1, 2, 3].map((number) => ({ name: `server${number}`, addresses: [`192.168.52.1${number}`] }))
  const wanted = {
    cluster_name: 'trial',
    nodes,
    transport: 'udpu' as const,
    links: [{ mcastport: 5409 }],
    totem: { token: 6000 },
    quorum: { wait_for_all: 1 },
  }
  expect(compared(wanted, 'corosync-3.1.7/udpu.conf')).toEqual([])
})

describe('what a difference asks for', () => {
  test.each<[Partial<Wanted>, string, string]>([
    [{ totem: { token: 3000 } }, 'reloadable', 'totem.token 6000 → 3000'],
    [{ totem: { consensus: 9000 } }, 'reloadable', 'totem.consensus (unset) → 9000'],
    [{ crypto: { cipher: 'aes256' } }, 'reloadable', 'crypto.cipher aes128 → aes256'],
    [{ compression: { level: 3 } }, 'reloadable', 'compression.level (unset) → 3'],
    [{ transport_options: { link_mode: 'active' } }, 'reloadable', 'transport.link_mode (unset) → active'],
    [{ transport_options: { ip_version: 'ipv6' } }, 'restart', 'transport.ip_version ipv4 → ipv6'],
    [{ transport: 'udpu' }, 'restart', 'transport knet → udpu'],
    [{ links: [{ link_priority: 11 }] }, 'restart', 'link 0.link_priority 10 → 11'],
    [{ links: [{ linknumber: 1, mcastport: 5410 }] }, 'restart', 'link 1.mcastport (unset) → 5410'],
    [{ quorum: { auto_tie_breaker: 1 } }, 'restart', 'quorum.auto_tie_breaker 0 → 1'],
    [
      { nodes: [TRIAL.nodes[0]!, { name: 'server2', addresses: ['192.168.53.99', '10.53.0.12'] }] },
      'restart',
      'addresses of server2 192.168.53.12, 10.53.0.12 → 192.168.53.99, 10.53.0.12',
    ],
    [{ cluster_name: 'other' }, 'different', 'cluster_name trial → other'],
    [
      { nodes: [...TRIAL.nodes, { name: 'server3' }] },
      'different',
      'nodes server1, server2 → server1, server2, server3',
    ],
    [{ nodes: [TRIAL.nodes[0]!] }, 'different', 'nodes server1, server2 → server1'],
  ])('%j', (change, severity, text) => {
    const differences = compared({ ...TRIAL, ...change })
    expect(differences.map((one) => one.text)).toEqual([text])
    expect(verdict(differences)).toBe(severity)
  })

  test('the gravest counts', () => {
    const differences = compared({ ...TRIAL, cluster_name: 'other', totem: { token: 1 }, transport: 'udp' })
    expect(differences.map(({ severity }) => severity)).toEqual(['different', 'restart', 'reloadable'])
    expect(verdict(differences)).toBe('different')
    expect(verdict(differences.slice(1))).toBe('restart')
  })
})

test('two nodes wait for all without being told', () => {
  const two = (quorum: string) => clusterOf(parseConf(`quorum {\n${quorum}\n}`))
  const wanted = clusterSchema.parse({
    cluster_name: 'c',
    nodes: [{ name: 'a' }],
    quorum: { wait_for_all: 1 },
  })
  const about = (quorum: string) =>
    compareCluster(wanted, two(quorum)).filter(({ what }) => what.startsWith('quorum'))
  expect(about('two_node: 1')).toEqual([])
  expect(about('two_node: 0')).toHaveLength(1)
  expect(about('two_node: 1\nwait_for_all: 0')).toHaveLength(1)
})

test('corosync 2: rings, secauth, no names', () => {
  const old = clusterOf(
    parseConf(`totem {\n version: 2\n secauth: on\n cluster_name: c\n interface {\n ringnumber: 0\n bindnetaddr: 10.0.0.0\n }\n}
nodelist {\n node {\n ring0_addr: n1\n ring1_addr: n1-b\n nodeid: 1\n }\n}`),
  )
  expect(old.transport).toBe('udp')
  expect(old.crypto).toEqual({ cipher: 'aes256', hash: 'sha1' })
  expect(old.nodes).toEqual([{ name: 'n1', id: 1, addresses: ['n1', 'n1-b'] }])
  expect(old.links.get(0)).toEqual({ bindnetaddr: '10.0.0.0' })
})

test('the file of the Debian package is nobody’s cluster', () => {
  expect(isPlaceholder(live('corosync-3.1.9/debian-default.conf'))).toBe(true)
  expect(isPlaceholder(live('corosync-3.1.9/corosync.conf'))).toBe(false)
  expect(isPlaceholder(clusterOf(parseConf('totem {\n version: 2\n}')))).toBe(true)
})

describe('a schema finds what would fail later', () => {
  test.each([
    [{ links: [{ ping_interval: 500 }] }, 'ping_interval and ping_timeout go together'],
    [{ totem: { tokn: 3000 } }, 'Unrecognized key: "tokn"'],
    [{ cluster_name: 'a name' }, '1 to 32 letters'],
    [{ cluster_name: 'a.name.with.dots' }, '1 to 32 letters'],
  ])('%j', (change, message) => {
    const { error } = clusterSchema.safeParse({ ...TRIAL, ...change })
    expect(error?.issues.map((issue) => issue.message).join()).toContain(message)
  })
})

describe('the file of pcs 0.9, for corosync 2', () => {
  // Of pcs 0.9.169, run with `cluster setup --local --corosync_conf`: names in the place of addresses.
  const PCS_0_9 = `totem {
    version: 2
    cluster_name: vzcluster
    secauth: off
    transport: udpu
}

nodelist {
    node {
        ring0_addr: server1
        nodeid: 1
    }

    node {
        ring0_addr: server2
        nodeid: 2
    }
}

quorum {
    provider: corosync_votequorum
    two_node: 1
}

logging {
    to_logfile: yes
    logfile: /var/log/cluster/corosync.log
    to_syslog: yes
}
`
  const nodes = [
    { name: 'server1', addresses: ['192.168.111.1'] },
    { name: 'server2', addresses: ['192.168.111.2'] },
  ]
  const differences = (wanted: Wanted, text = PCS_0_9) =>
    compareCluster(clusterSchema.parse(wanted), clusterOf(parseConf(text))).map(({ text: said }) => said)

  test('is the cluster that was set up with addresses', () => {
    expect(differences({ cluster_name: 'vzcluster', nodes })).toEqual([])
    expect(differences({ cluster_name: 'vzcluster', nodes, transport: 'udpu' })).toEqual([])
    const quorum = { wait_for_all: true }
    expect(differences({ cluster_name: 'vzcluster', nodes, quorum })).toEqual([])
  })

  test('with a redundant ring, whose addresses count', () => {
    const rings = PCS_0_9.replace(/ring0_addr: server(\d)/g, '$&\n        ring1_addr: 10.0.0.$1')
    const twice = nodes.map(({ name, addresses }, at) => ({
      name,
      addresses: [...addresses, `10.0.0.${at + 1}`],
    }))
    expect(differences({ cluster_name: 'vzcluster', nodes: twice }, rings)).toEqual([])
    expect(differences({ cluster_name: 'vzcluster', nodes: twice })).toEqual([
      'addresses of server1 server1 → 192.168.111.1, 10.0.0.1',
      'addresses of server2 server2 → 192.168.111.2, 10.0.0.2',
    ])
  })

  test('is encrypted where it does not say otherwise: so pcs writes it with --encryption 1', () => {
    const crypto = { cipher: 'aes256', hash: 'sha1' }
    const encrypted = PCS_0_9.replace('    secauth: off\n', '')
    expect(differences({ cluster_name: 'vzcluster', nodes, crypto }, encrypted)).toEqual([])
    expect(differences({ cluster_name: 'vzcluster', nodes, crypto })).toEqual([
      'crypto.cipher none → aes256',
      'crypto.hash none → sha1',
    ])
    // That of corosync 3, whose nodes have names, is not.
    expect(live('corosync-3.1.7/udpu.conf').crypto).toEqual({ cipher: 'none', hash: 'none' })
  })

  test('names of other machines are other nodes', () => {
    expect(
      differences({ cluster_name: 'vzcluster', nodes }, PCS_0_9.replaceAll('server2', 'server3')),
    ).toEqual(['nodes server1, server3 → server1, server2'])
  })
})
