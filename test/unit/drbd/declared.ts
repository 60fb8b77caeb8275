import type * as z from 'zod'
import { resourceSchema } from '../../../src/drbd/resource_schema.ts'
import type { DrbdResource } from '../../../src/drbd/resource_schema.ts'

export type ResourceInput = z.input<typeof resourceSchema>

export const PAIR: ResourceInput = {
  name: 'r0',
  nodes: [
    { name: 'server1', node_id: 0, address: '192.168.53.11' },
    { name: 'server2', node_id: 1, address: '192.168.53.12' },
  ],
  volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/sdb', server2: '/dev/sdb' } }],
}

export const TIEBREAKER = { name: 'server3', node_id: 2, address: 'fd00::13', diskless: true }

/** A resource as declared, with what differs from the plain pair. */
export function declared(fields: Partial<ResourceInput> = {}): DrbdResource {
  return resourceSchema.parse({ ...PAIR, ...fields })
}

export function withTiebreaker(fields: Partial<ResourceInput> = {}): DrbdResource {
  return declared({ nodes: [...PAIR.nodes, TIEBREAKER], quorum: 'majority', ...fields })
}
