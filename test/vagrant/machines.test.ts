import { afterAll, beforeAll, expect, test } from 'vitest'
import { local } from '../../scripts/lab/local.ts'
import { vagrant } from '../../scripts/vagrant/machines.ts'
import { raiseVagrant } from '../../scripts/vagrant/raise.ts'
import type { VagrantLab } from '../../scripts/vagrant/raise.ts'
import { traces } from '../containers/traces.ts'
import { until } from '../support/until.ts'

const NAME = 'vagrant-test'

let lab: VagrantLab
beforeAll(async () => {
  lab = await raiseVagrant({ name: NAME, nodes: 2 }, console.error)
})
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]()
  await until(async () => (await traces(NAME)).length === 0)
})

const onAll = async (...command: string[]): Promise<string[]> => {
  const { exitCode, stdout, stderr } =
    await local()`node bin/bringup.js exec -i ${lab.inventory} -- ${command}`.nothrow()
  expect(exitCode, stderr).toBe(0)
  return stdout.trim().split('\n').toSorted()
}

test('vagrant up: two machines with Debian’s kernel, a spare disk, and an address on the private network', async () => {
  expect(
    (await vagrant(lab.way)(['status', '--machine-readable'])).stdout.match(/,state,running$/gm),
  ).toHaveLength(2)
  expect(await onAll('lsblk', '-dno', 'SERIAL', '/dev/vdb')).toEqual(['server1  spare', 'server2  spare'])
  expect(await onAll('ip', '-br', '-4', 'address', 'show', 'eth1')).toEqual([
    expect.stringContaining('192.168.111.101/24'),
    expect.stringContaining('192.168.111.102/24'),
  ])
  expect(await onAll('modinfo', '-F', 'version', 'drbd')).toEqual(['server1  8.4.11', 'server2  8.4.11'])
})
