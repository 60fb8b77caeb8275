import { expect, test } from 'vitest'
import { openingsFor, openingText } from '../../../../roles/firewall/openings.ts'
import { resourceSchema } from '../../../../src/drbd/resource_schema.ts'

const members = [
  { name: 'server1', addresses: ['192.168.111.1', '10.0.0.1'] },
  { name: 'server2', addresses: ['192.168.111.2', '10.0.0.2'] },
]
const resource = (name: string, port: number, others: readonly string[]) =>
  resourceSchema.parse({
    name,
    nodes: ['server1', ...others].map((node, at) => ({
      name: node,
      node_id: at,
      address: `10.1.0.${at + 1}`,
      port,
    })),
    volumes: [
      {
        volume: 0,
        minor: port - 7788,
        disks: Object.fromEntries(['server1', ...others].map((node) => [node, '/dev/sdb'])),
      },
    ],
  })
const texts = (...args: Parameters<typeof openingsFor>) => openingsFor(...args).map(openingText)

test('corosync and pcsd from every address of the others', () => {
  expect(texts('server1', members)).toEqual([
    'udp 5404-5412 from 192.168.111.2',
    'tcp 2224 from 192.168.111.2',
    'udp 5404-5412 from 10.0.0.2',
    'tcp 2224 from 10.0.0.2',
  ])
  expect(texts('server1', members.slice(0, 1))).toEqual([])
})

test('the ports of links that have another, each with the one below it', () => {
  const udp = (...ports: (string | undefined)[]) =>
    texts(
      'server1',
      members.map(({ name, addresses }) => ({ name, addresses: addresses.slice(0, 1) })),
      [],
      ports.map((mcastport) => ({ mcastport })),
    )
      .filter((text) => text.startsWith('udp'))
      .map((text) => text.split(' ')[1])
  expect(udp('5500', undefined, '5404')).toEqual(['5404-5412', '5499-5500', '5403-5404'])
  expect(udp('5405', '5412')).toEqual(['5404-5412'])
  expect(udp('5500', '5500')).toEqual(['5404-5412', '5499-5500'])
})

test("DRBD's own port, from the address that the resource names, once", () => {
  const cluster = [members[0]!, { name: 'server2', addresses: ['192.168.111.2'] }]
  const two = [resource('r0', 7788, ['server2']), resource('r1', 7789, ['server2'])]
  expect(texts('server1', cluster, two).slice(2)).toEqual([
    'tcp 7788 from 10.1.0.2',
    'tcp 7789 from 10.1.0.2',
  ])
  // A resource of others is none of this node's.
  expect(texts('server3', cluster, two).filter((text) => text.includes('77'))).toEqual([])
})
