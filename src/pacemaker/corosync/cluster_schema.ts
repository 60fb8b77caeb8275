import * as z from 'zod'

const option = z.union([
  z.string(),
  z.number().transform(String),
  z.boolean().transform((on) => (on ? '1' : '0')),
])

/** Options by name; a misspelt one is found before anything is run. */
const oneOf = <const Name extends string>(names: readonly Name[]) =>
  z.partialRecord(z.enum(names), option).default({})

const TOTEM = [
  'block_unlisted_ips',
  'consensus',
  'downcheck',
  'fail_recv_const',
  'heartbeat_failures_allowed',
  'hold',
  'join',
  'max_messages',
  'max_network_delay',
  'merge',
  'miss_count_const',
  'send_join',
  'seqno_unchanged_const',
  'token',
  'token_coefficient',
  'token_retransmit',
  'token_retransmits_before_loss_const',
  'window_size',
] as const

const QUORUM = ['auto_tie_breaker', 'last_man_standing', 'last_man_standing_window', 'wait_for_all'] as const

/** Options of a link, by the transport that knows them. */
export const KNET_LINK = [
  'linknumber',
  'link_priority',
  'mcastport',
  'ping_interval',
  'ping_precision',
  'ping_timeout',
  'pong_count',
  'transport',
] as const

export const UDP_LINK = ['bindnetaddr', 'broadcast', 'mcastaddr', 'mcastport', 'ttl'] as const

/** pcs's names of link options, where corosync's are others. */
export const LINK_NAMES: Readonly<Record<string, string>> = {
  link_priority: 'knet_link_priority',
  ping_interval: 'knet_ping_interval',
  ping_precision: 'knet_ping_precision',
  ping_timeout: 'knet_ping_timeout',
  pong_count: 'knet_pong_count',
  transport: 'knet_transport',
}

/** A cluster's name and how its nodes talk: the vars of a role, without the nodes. Names are those of pcs(8). */
export const clusterFields = {
  cluster_name: z
    .string()
    // What GFS2 and DLM take, and pcs without --force.
    .regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, "_" or "-"')
    .describe('The name of the cluster'),
  transport: z
    .enum(['knet', 'udpu', 'udp'])
    .optional()
    .describe(
      "knet: encrypted, up to 8 links; udpu, udp: one link, no encryption; pcs's own default when left out",
    ),
  transport_options: oneOf(['ip_version', 'knet_pmtud_interval', 'link_mode', 'netmtu']).describe(
    'Options of the transport',
  ),
  links: z
    .array(
      z
        .partialRecord(z.enum([...new Set([...KNET_LINK, ...UDP_LINK])]), option)
        .refine(
          (link) => (link.ping_interval === undefined) === (link.ping_timeout === undefined),
          'ping_interval and ping_timeout go together',
        ),
    )
    .max(8)
    .default([])
    .describe("Options per link, in the order of the nodes' addresses"),
  totem: oneOf(TOTEM).describe('Totem options, as token: 3000 (milliseconds)'),
  quorum: oneOf(QUORUM).describe('Quorum options; two_node is set by itself where there are two'),
  crypto: oneOf(['cipher', 'hash', 'model']).describe('Encryption of knet; aes256 and sha256 when left out'),
  compression: oneOf(['level', 'model', 'threshold']).describe('Compression of knet'),
}

export const clusterSchema = z.strictObject({
  ...clusterFields,
  nodes: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('As `uname -n` on the node says'),
        addresses: z
          .array(z.string().min(1))
          .max(8)
          .default([])
          .describe('One per link; the name when left out'),
      }),
    )
    .min(1)
    .describe('The nodes with their addresses on each link'),
})

/** A cluster as it is wanted. */
export type ClusterWanted = z.output<typeof clusterSchema>
export type ClusterNode = ClusterWanted['nodes'][number]
