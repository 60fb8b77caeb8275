import * as z from 'zod'
import { absolutePath } from '../../operations/params.ts'
import { clusterFields } from './cluster_schema.ts'

const EMPTY_QUORUM =
  'must not be empty: without a provider of quorum, corosync hangs after a node has failed. Leave it out for corosync_votequorum'

const flag = z.boolean()

/** The quorum section. votequorum(5) names the options. */
export const writtenQuorum = z
  .strictObject(
    {
      provider: z
        .literal('corosync_votequorum', { error: EMPTY_QUORUM })
        .default('corosync_votequorum')
        .describe('The only one that there is'),
      two_node: flag.optional().describe('True by itself where there are two nodes'),
      expected_votes: z.int().positive().optional().describe('The number of nodes, which is its default'),
      wait_for_all: flag.optional(),
      auto_tie_breaker: flag.optional(),
      last_man_standing: flag.optional(),
      last_man_standing_window: z.int().positive().optional().describe('Milliseconds'),
    },
    { error: (issue) => (issue.input === null ? EMPTY_QUORUM : undefined) },
  )
  .prefault({})

/** The logging section. */
export const writtenLogging = z
  .strictObject({
    to_syslog: flag.default(true),
    logfile: absolutePath.optional().describe('Also writes this file; its directory is made'),
    timestamp: z
      .enum(['off', 'on', 'hires'])
      .default('on')
      .describe('Of lines in the file; hires: with milliseconds, corosync 3 only'),
    debug: flag.default(false),
    fileline: flag.default(false).describe('Each line with the place in the source that it comes from'),
  })
  .prefault({})

/** A cluster whose corosync.conf is written here, without its nodes: the vars of a role. Names are those that pcs has too. */
export const writtenFields = {
  ...clusterFields,
  transport: clusterFields.transport.describe(
    'knet: encrypted, up to 8 links, corosync 3; udpu; udp: multicast. knet when left out, with corosync 2 udpu.',
  ),
  crypto: clusterFields.crypto.describe(
    'cipher and hash; aes256 and sha256 when left out, none for udpu and udp of corosync 3, which cannot encrypt.',
  ),
  quorum: writtenQuorum.describe('Options of corosync_votequorum, as votequorum(5) names them.'),
  logging: writtenLogging.describe('Where corosync writes its log.'),
}

export const writtenSchema = z.strictObject({
  ...writtenFields,
  nodes: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('As `uname -n` on the node says'),
        id: z.int().positive(),
        addresses: z
          .array(z.union([z.ipv4(), z.ipv6()]))
          .min(1)
          .max(8)
          .describe('One per link'),
      }),
    )
    .min(1),
})

/** A cluster whose corosync.conf is written here. */
export type WrittenCluster = z.output<typeof writtenSchema>
export type WrittenNode = WrittenCluster['nodes'][number]
