import * as fc from 'fast-check'
import { BlockList } from 'node:net'
import { expect, test } from 'vitest'
import { bindAddress, sameAddress } from '../../../../src/pacemaker/corosync/networks.ts'

const own = (address: string, prefix: number, family: 'inet' | 'inet6' = 'inet') => [
  { interface: 'eth0', family, address, prefix },
]

test.each([
  ['192.168.0.201', 24, '192.168.0.0'],
  ['10.20.30.40', 20, '10.20.16.0'],
  ['10.20.30.40', 32, '10.20.30.40'],
  ['10.20.30.40', 8, '10.0.0.0'],
  ['10.20.30.40', 0, '0.0.0.0'],
])('%s/%i is in %s', (address, prefix, network) => {
  expect(bindAddress(address, own(address, prefix))).toBe(network)
})

test('with IPv6 it is the address, as it is written in the inventory', () => {
  expect(bindAddress('fd00:0::1', own('fd00::1', 64, 'inet6'))).toBe('fd00:0::1')
})

test('an address that the node does not have', () => {
  expect(bindAddress('10.0.0.1', own('10.0.0.2', 24))).toBeUndefined()
})

test('one address in two spellings', () => {
  expect(sameAddress('fd00::1', 'FD00:0:0::0001')).toBe(true)
  expect(sameAddress('fd00::1', 'fd00::2')).toBe(false)
  expect(sameAddress('10.0.0.1', 'fd00::1')).toBe(false)
})

test('the network holds the address, and is that of every other one in it', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, prefix) => {
      const network = bindAddress(address, own(address, prefix))!
      const list = new BlockList()
      list.addSubnet(network, prefix, 'ipv4')
      expect(list.check(address, 'ipv4')).toBe(true)
      expect(bindAddress(network, own(network, prefix))).toBe(network)
    }),
  )
})
