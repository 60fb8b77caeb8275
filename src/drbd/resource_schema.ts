import * as z from 'zod'
import { absolutePath } from '../operations/params.ts'
import { DISK, DRIVERS, HANDLERS, NET, OPTIONS, STARTUP } from './keywords.ts'
import { contradictions } from './contradictions.ts'
import { resourceClashes } from './resource_clashes.ts'

// drbdadm's scanner takes strings of up to 255 bytes within one line.
const option = z.union([
  z.string().regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 ASCII characters in one line'),
  z.number().transform(String),
  z.boolean().transform((on) => (on ? 'yes' : 'no')),
])

/** Settings by their drbd.conf(5) names; a misspelt one is found before anything is run. */
const settings = <const Name extends string>(
  names: readonly Name[],
  defaults: Partial<Record<Name, string>> = {},
) =>
  z
    .partialRecord(z.enum(names), option)
    .default({})
    .transform((given): Partial<Record<Name, string>> => ({ ...defaults, ...given }))

// DRBD 9.2's strict_names, less what a command line or a file name would take for something else.
const strictName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9.+_-]{0,127}$/, 'must be letters, digits, ".", "+", "_" or "-"')

const disk = absolutePath
  .refine((path) => /^[\x20-\x7e]{1,255}$/.test(path), 'must be 255 ASCII characters at most, in one line')
  .refine((path) => !path.startsWith('/dev/drbd'), 'is a DRBD device itself; name the disk below')

const node = z.strictObject({
  name: strictName.describe('As `uname -n` on the node says'),
  node_id: z.int().min(0).max(31).describe('Never to be changed: the metadata of every node holds it'),
  address: z.union([z.ipv4(), z.ipv6()]).describe('Where the peers reach this node for replication'),
  port: z.int().min(7788).max(65535).default(7788).describe('TCP port, one per resource, from 7788 on'),
  diskless: z.boolean().default(false).describe('Holds no data, but votes: a tiebreaker'),
})

const volume = z.strictObject({
  volume: z.int().min(0).max(65534),
  minor: z.int().min(0).max(1048575).describe('/dev/drbdMINOR'),
  disks: z.record(z.string(), disk).describe('The disk below, per node: server1: /dev/sdb'),
})

/** A replicated resource as it is declared. Metadata is always internal: external one cannot tell a replaced disk. */
export const resourceSchema = z
  .strictObject({
    name: strictName.refine((name) => name !== 'all', 'drbdadm takes "all" for every resource'),
    driver: z.enum(DRIVERS).default('9').describe('The major version of the module that will run it'),
    nodes: z.array(node).min(2).max(32),
    volumes: z.array(volume).min(1),
    max_peers: z
      .int()
      .min(1)
      .max(31)
      .optional()
      .describe('Room for later nodes in the metadata, which cannot grow; the peers declared when left out'),
    protocol: z.enum(['A', 'B', 'C']).default('C').describe('C: a write is done when both have it'),
    fencing: z.enum(['dont-care', 'resource-only', 'resource-and-stonith']).default('dont-care'),
    quorum: z
      .union([z.enum(['off', 'majority', 'all']), z.int().min(1).max(32)])
      .default('off')
      .describe('How many nodes it takes to write'),
    verify_alg: z
      .string()
      .regex(/^[a-z0-9_()-]+$/, 'must be the name of a hash, as crc32c')
      .default('crc32c'),
    auto_promote: z
      .boolean()
      .optional()
      .describe('Primary by being opened; only in 9, where it is the default'),
    net: settings(NET, { 'max-buffers': '8000', 'max-epoch-size': '8000', 'sndbuf-size': '0' }),
    disk: settings(DISK, { 'on-io-error': 'detach' }),
    options: settings(OPTIONS),
    handlers: settings(HANDLERS),
    // 0 is DRBD's own default, and waits for ever at boot.
    startup: settings(STARTUP, {
      'wfc-timeout': '60',
      'degr-wfc-timeout': '60',
      'outdated-wfc-timeout': '60',
    }),
    first_primary: strictName
      .optional()
      .describe("The node whose disk becomes everybody's at the very first start, and never again"),
    initial_sync: z
      .enum(['full', 'skip'])
      .default('full')
      .describe('skip: blank disks are declared equal, and nothing is copied'),
  })
  .superRefine((resource, context) => {
    for (const { path, message } of contradictions(resource)) {
      context.addIssue({ code: 'custom', path: [...path], message })
    }
  })

/** All resources of the same nodes, none of which claims what is another's. */
export const resourcesSchema = z
  .array(resourceSchema)
  .min(1)
  .superRefine((resources, context) => {
    for (const { path, message } of resourceClashes(resources)) {
      context.addIssue({ code: 'custom', path: [...path], message })
    }
  })
  .describe('DRBD resources, as drbd.conf(5) has them')

export type DrbdResource = z.output<typeof resourceSchema>
export type DrbdNode = DrbdResource['nodes'][number]
