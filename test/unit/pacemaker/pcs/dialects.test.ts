import type * as z from 'zod'
import { describe, expect, test } from 'vitest'
import { clusterSchema } from '../../../../src/pacemaker/corosync/cluster_schema.ts'
import { choosePcs } from '../../../../src/pacemaker/pcs/choose.ts'
import type { CommandLine, PcsDialect } from '../../../../src/pacemaker/pcs/dialect.ts'

const VERSIONS = { '0.9': '0.9.169', '0.10': '0.10.8', '0.11': '0.11.5', '0.12': '0.12.0.2' } as const

type Wanted = Partial<z.input<typeof clusterSchema>>

const NODES = [
  { name: 'n1', addresses: ['10.0.0.1'] },
  { name: 'n2', addresses: ['10.0.0.2'] },
]
const TWO_LINKS = [
  { name: 'n1', addresses: ['10.0.0.1', '10.1.0.1'] },
  { name: 'n2', addresses: ['10.0.0.2', '10.1.0.2'] },
]

const cluster = (input: Wanted = {}) => clusterSchema.parse({ cluster_name: 'c', nodes: NODES, ...input })

/** The same in every generation, or first in 0.9 and then in the others. */
type Row = [string, (pcs: PcsDialect) => CommandLine, string, string?]

const ROWS: Row[] = [
  [
    'auth',
    (pcs) => pcs.hostAuth(NODES),
    'pcs cluster auth n1 n2 -u hacluster',
    'pcs host auth n1 addr=10.0.0.1 n2 addr=10.0.0.2 -u hacluster',
  ],
  [
    'auth by name',
    (pcs) => pcs.hostAuth([{ name: 'n1', addresses: [] }], 'ops'),
    'pcs cluster auth n1 -u ops',
    'pcs host auth n1 -u ops',
  ],
  [
    'auth with two links',
    (pcs) => pcs.hostAuth(TWO_LINKS),
    'pcs cluster auth n1 n2 -u hacluster',
    'pcs host auth n1 addr=10.0.0.1 n2 addr=10.0.0.2 -u hacluster',
  ],
  [
    'who is authed',
    (pcs) => pcs.authStatus(['n1', 'n2']),
    'pcs cluster pcsd-status n1 n2',
    'pcs status pcsd n1 n2',
  ],
  [
    'setup',
    (pcs) => pcs.clusterSetup(cluster()),
    'pcs cluster setup --name c n1 n2 --transport udpu',
    'pcs cluster setup c n1 addr=10.0.0.1 n2 addr=10.0.0.2',
  ],
  [
    'setup by force',
    (pcs) => pcs.clusterSetup(cluster(), { force: true }),
    'pcs cluster setup --name c n1 n2 --transport udpu --force',
    'pcs cluster setup c n1 addr=10.0.0.1 n2 addr=10.0.0.2 --force',
  ],
  [
    'two links',
    (pcs) => pcs.clusterSetup(cluster({ nodes: TWO_LINKS })),
    'pcs cluster setup --name c n1,10.1.0.1 n2,10.1.0.2 --transport udpu --rrpmode passive',
    'pcs cluster setup c n1 addr=10.0.0.1 addr=10.1.0.1 n2 addr=10.0.0.2 addr=10.1.0.2',
  ],
  [
    'totem and quorum',
    (pcs) => pcs.clusterSetup(cluster({ totem: { token: 3000 }, quorum: { wait_for_all: true } })),
    'pcs cluster setup --name c n1 n2 --transport udpu --token=3000 --wait_for_all=1',
    'pcs cluster setup c n1 addr=10.0.0.1 n2 addr=10.0.0.2 totem token=3000 quorum wait_for_all=1',
  ],
  [
    'udpu',
    (pcs) => pcs.clusterSetup(cluster({ transport: 'udpu', transport_options: { ip_version: 'ipv6' } })),
    'pcs cluster setup --name c n1 n2 --transport udpu --ipv6',
    'pcs cluster setup c n1 addr=10.0.0.1 n2 addr=10.0.0.2 transport udpu ip_version=ipv6',
  ],
  [
    'udp',
    (pcs) =>
      pcs.clusterSetup(
        cluster({
          transport: 'udp',
          links: [{ bindnetaddr: '10.0.0.0', mcastaddr: '239.255.1.1', mcastport: 5405, ttl: 1 }],
        }),
      ),
    'pcs cluster setup --name c n1 n2 --transport udp --addr0 10.0.0.0 --mcast0 239.255.1.1 --mcastport0 5405 --ttl0 1',
    'pcs cluster setup c n1 addr=10.0.0.1 n2 addr=10.0.0.2 transport udp link bindnetaddr=10.0.0.0 mcastaddr=239.255.1.1 mcastport=5405 ttl=1',
  ],
  ['start all', (pcs) => pcs.clusterStart('all', { wait: 60 }), 'pcs cluster start --all --wait=60'],
  ['start here', (pcs) => pcs.clusterStart('local'), 'pcs cluster start'],
  ['start some', (pcs) => pcs.clusterStart(['n1']), 'pcs cluster start n1'],
  ['stop', (pcs) => pcs.clusterStop('all'), 'pcs cluster stop --all'],
  ['stop by force', (pcs) => pcs.clusterStop(['n2'], { force: true }), 'pcs cluster stop n2 --force'],
  ['enable', (pcs) => pcs.clusterEnable('all'), 'pcs cluster enable --all'],
  ['disable', (pcs) => pcs.clusterDisable(['n2']), 'pcs cluster disable n2'],
  ['destroy here', (pcs) => pcs.clusterDestroy('local'), 'pcs cluster destroy'],
  ['destroy', (pcs) => pcs.clusterDestroy('all'), 'pcs cluster destroy --all'],
  [
    'add a node',
    (pcs) => pcs.nodeAdd(TWO_LINKS[1]!, { start: true, wait: 60, enable: true }),
    'pcs cluster node add n2,10.1.0.2 --start --wait=60 --enable',
    'pcs cluster node add n2 addr=10.0.0.2 addr=10.1.0.2 --start --wait=60 --enable',
  ],
  [
    'add a node by force',
    (pcs) => pcs.nodeAdd({ name: 'n3', addresses: [] }, { force: true }),
    'pcs cluster node add n3 --force',
  ],
  ['remove a node', (pcs) => pcs.nodeRemove('n2'), 'pcs cluster node remove n2'],
  [
    'remove a dead node',
    (pcs) => pcs.nodeRemove('n2', { dead: true }),
    'pcs cluster node remove n2 --force',
    'pcs cluster node remove n2 --force --skip-offline',
  ],
  ['forget a node', (pcs) => pcs.nodeClear('n2'), 'pcs cluster node clear n2'],
  ['standby', (pcs) => pcs.standby('n1', { wait: 30 }), 'pcs node standby n1 --wait=30'],
  ['unstandby', (pcs) => pcs.unstandby('n1'), 'pcs node unstandby n1'],
  ['maintenance', (pcs) => pcs.maintenance('n1'), 'pcs node maintenance n1'],
  ['unmaintenance', (pcs) => pcs.unmaintenance('n1'), 'pcs node unmaintenance n1'],
  [
    'properties',
    (pcs) => pcs.propertySet({ 'stonith-enabled': 'false', 'pe-warn-series-max': '1000' }),
    'pcs property set stonith-enabled=false pe-warn-series-max=1000',
  ],
  ['status', (pcs) => pcs.status(), 'pcs status --full'],
]

describe.each(Object.entries(VERSIONS))('pcs %s', (generation, version) => {
  const { pcs } = choosePcs(version)
  test.each(ROWS)('%s', (_task, command, oldest, others = oldest) => {
    const { argv } = command(pcs)
    expect(argv.join(' ')).toBe(generation === '0.9' ? oldest : others)
  })

  test('a password goes over standard input, never into an argument', () => {
    expect(pcs.hostAuth(NODES).stdin).toBe('password')
    expect(pcs.hostAuth(NODES).argv).not.toContain('-p')
  })
})

const KNET: Wanted = {
  nodes: TWO_LINKS,
  transport: 'knet',
  transport_options: { link_mode: 'passive' },
  links: [{ link_priority: 10 }, { linknumber: 1, transport: 'udp' }],
  crypto: { cipher: 'aes256', hash: 'sha256' },
  compression: { model: 'zlib' },
}

test('knet with everything', () => {
  for (const version of ['0.10.4', '0.11.9', '0.12.3']) {
    expect(choosePcs(version).pcs.clusterSetup(cluster(KNET)).argv.slice(4).join(' ')).toBe(
      'n1 addr=10.0.0.1 addr=10.1.0.1 n2 addr=10.0.0.2 addr=10.1.0.2 transport knet link_mode=passive link link_priority=10 link linknumber=1 transport=udp compression model=zlib crypto cipher=aes256 hash=sha256',
    )
  }
})

test('encryption of corosync 2 is all or nothing', () => {
  const { pcs } = choosePcs('0.9.169')
  const secure = pcs.clusterSetup(cluster({ crypto: { cipher: 'aes256', hash: 'sha1' } }))
  expect(secure.argv.slice(-2)).toEqual(['--encryption', '1'])
  const none = pcs.clusterSetup(cluster({ crypto: { cipher: 'none', hash: 'none' } }))
  expect(none.argv).not.toContain('--encryption')
})

test('options of a running cluster', () => {
  const change = { transport_options: {}, totem: { token: '4000' }, crypto: {}, compression: {} }
  expect(choosePcs('0.10.8').pcs.configUpdate(change).argv.join(' ')).toBe(
    'pcs cluster config update totem token=4000',
  )
})

describe('what a pcs has no words for is refused before anything is run', () => {
  const unequal = [NODES[0]!, TWO_LINKS[1]!]
  test.each<[string, Wanted, string]>([
    ['0.9.169', { transport: 'knet' }, 'knet'],
    [
      '0.9.169',
      { nodes: TWO_LINKS.map((node) => ({ ...node, addresses: [...node.addresses, '10.2.0.1'] })) },
      '3 links',
    ],
    ['0.9.169', { nodes: unequal }, 'different numbers of addresses'],
    ['0.9.169', { totem: { window_size: 5 } }, 'window_size'],
    ['0.9.169', { links: [{ mcastport: 5405 }] }, 'link options with udpu'],
    ['0.9.169', { transport: 'udp', links: [{ link_priority: 1 }] }, 'link_priority'],
    ['0.9.169', { transport_options: { netmtu: 1400 } }, 'netmtu'],
    ['0.9.169', { compression: { model: 'zlib' } }, 'compress'],
    ['0.9.169', { crypto: { cipher: 'aes256', hash: 'sha256' } }, 'aes256 and sha256'],
    ['0.11.5', { nodes: unequal }, 'different numbers of addresses (n2)'],
    ['0.11.5', { transport: 'udpu', nodes: TWO_LINKS }, 'more than one link with udpu'],
    ['0.11.5', { transport: 'udp', crypto: { cipher: 'aes256' } }, 'encrypt with udp'],
    ['0.11.5', { transport: 'udpu', compression: { model: 'zlib' } }, 'compress with udpu'],
    ['0.11.5', { transport: 'udpu', transport_options: { link_mode: 'rr' } }, 'link_mode with udpu'],
    ['0.11.5', { transport: 'udpu', links: [{ link_priority: 1 }] }, 'link_priority on a link of udpu'],
    ['0.12.3', { links: [{ ttl: 1 }] }, 'ttl on a link of knet'],
    ['0.12.3', { transport_options: { netmtu: 1400 } }, 'netmtu with knet'],
  ])('%s: %j', (version, input, message) => {
    expect(() => choosePcs(version).pcs.clusterSetup(cluster(input))).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: expect.stringContaining(message) }),
    )
  })

  test.each(['0.9.169', '0.10.4'])('%s: options of a cluster that exists', (version) => {
    const nothing = { transport_options: {}, totem: {}, crypto: {}, compression: {} }
    expect(() => choosePcs(version).pcs.configUpdate(nothing)).toThrow(/cannot change the options/)
  })
})

describe('the dialect follows the version', () => {
  test.each([
    ['0.9.169', '0.9', undefined],
    ['0.10.4\n', '0.10', undefined],
    ['0.10.8', '0.10', undefined],
    ['0.11.9', '0.11', undefined],
    ['0.12.0.2', '0.12', undefined],
    ['0.12.0b1', '0.12', undefined],
    ['pcs v0.11.5-1+deb12u1', '0.11', undefined],
    ['0.13.1', '0.12', 'pcs 0.13.1 is newer than 0.12, whose commands are used for it'],
    ['1.0.0', '0.12', 'pcs 1.0.0 is newer than 0.12, whose commands are used for it'],
  ])('%s', (printed, generation, note) => {
    const chosen = choosePcs(printed)
    expect(chosen.pcs.generation).toBe(generation)
    expect(chosen.note).toBe(note)
  })

  test.each(['0.8.9', '', 'command not found'])('%j is refused', (printed) => {
    expect(() => choosePcs(printed)).toThrow(expect.objectContaining({ code: 'REFUSED' }))
  })
})
