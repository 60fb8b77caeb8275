import * as fc from 'fast-check'
import { writtenSchema } from '../../../../src/pacemaker/corosync/written_schema.ts'
import type { WrittenCluster } from '../../../../src/pacemaker/corosync/written_schema.ts'
import type { CorosyncVersion } from '../../../../src/pacemaker/corosync/version.ts'

/** A cluster of two, with what is said; as the vars would give it. */
export const cluster = (more: Record<string, unknown> = {}): WrittenCluster =>
  writtenSchema.parse({
    cluster_name: 'web',
    nodes: [
      { name: 'server1', id: 1, addresses: ['192.168.0.201'] },
      { name: 'server2', id: 2, addresses: ['192.168.0.202'] },
    ],
    ...more,
  })

export const version: fc.Arbitrary<CorosyncVersion> = fc.constantFrom([2, 4], [3, 0], [3, 1])

const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined })
const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 2, max })

/** Any cluster that the vars can say, sensible or not. */
export const anyCluster: fc.Arbitrary<WrittenCluster> = fc
  .record({
    nodes: fc.integer({ min: 1, max: 4 }),
    rings: fc.integer({ min: 1, max: 3 }),
    transport: maybe(fc.constantFrom('knet', 'udpu', 'udp')),
    token: maybe(count(9000)),
    join: maybe(count(500)),
    unlisted: maybe(fc.boolean()),
    link_mode: maybe(fc.constantFrom('active', 'passive', 'rr')),
    cipher: maybe(fc.constantFrom('none', 'aes128', 'aes256')),
    hash: maybe(fc.constantFrom('none', 'sha1', 'sha256')),
    compression: maybe(fc.constantFrom('none', 'zlib')),
    links: fc.array(
      fc.record(
        {
          mcastaddr: fc.constantFrom('239.255.1.1', '10.0.0.1', 'ff15::1'),
          mcastport: count(70_000),
          ttl: count(300),
          broadcast: fc.boolean(),
          link_priority: count(9),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    two_node: maybe(fc.boolean()),
    expected_votes: maybe(fc.integer({ min: 1, max: 5 })),
    wait_for_all: maybe(fc.boolean()),
    auto_tie_breaker: maybe(fc.boolean()),
    logfile: maybe(fc.constant('/var/log/cluster/corosync.log')),
    timestamp: fc.constantFrom('off', 'on', 'hires'),
  })
  .map((one) =>
    writtenSchema.parse({
      cluster_name: 'web',
      nodes: Array.from({ length: one.nodes }, (_, index) => ({
        name: `server${index + 1}`,
        id: index + 1,
        addresses: Array.from({ length: one.rings }, (_ring, ring) => `10.0.${ring}.${index + 1}`),
      })),
      transport: one.transport,
      links: one.links,
      totem: without({ token: one.token, join: one.join, block_unlisted_ips: one.unlisted }),
      transport_options: without({ link_mode: one.link_mode }),
      crypto: without({ cipher: one.cipher, hash: one.hash }),
      compression: without({ model: one.compression }),
      quorum: without({
        two_node: one.two_node,
        expected_votes: one.expected_votes,
        wait_for_all: one.wait_for_all,
        auto_tie_breaker: one.auto_tie_breaker,
      }),
      logging: without({ logfile: one.logfile, timestamp: one.timestamp }),
    }),
  )

const without = (all: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
