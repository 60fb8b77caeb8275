import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { local } from '../../scripts/lab/local.ts'
import { vagrant } from '../../scripts/vagrant/machines.ts'
import { raiseVagrant } from '../../scripts/vagrant/raise.ts'
import type { VagrantLab } from '../../scripts/vagrant/raise.ts'
import { traces } from '../containers/traces.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunSettings } from '../support/bringup.ts'
import { until } from '../support/until.ts'

const NAME = 'vagrant-test'
const NODES = ['server1', 'server2']

let lab: VagrantLab
/** What the drill needs besides: an observer, the run's own machine, and not every way to fail. */
let drill: string
beforeAll(async () => {
  const installed = ['cluster', 'drbd-utils']
  lab = await raiseVagrant({ name: NAME, nodes: 2, installed, spare: 128 * 1024 ** 2 }, console.error)
  drill = join(dirname(lab.inventory), 'drill.yml')
  const hosts = { localhost: { ansible_connection: 'local' } }
  const vars = { drill_steps: ['standby', 'power'] }
  writeFileSync(drill, stringify({ all: { vars, children: { observers: { hosts } } } }))
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
const play = (playbook: string, more: readonly string[] = [], settings: RunSettings = {}) =>
  bringupRun([playbook, '-i', lab.inventory, '-i', 'inventory/drbd-lab.yml', ...more], {
    env: { HACLUSTER_PASSWORD: 'correct-horse-battery' },
    ...settings,
  })

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

test('drbd-cluster.yml makes a cluster with a replicated disk of them', async () => {
  const { exitCode, changed, output } = await play('playbooks/drbd-cluster.yml')
  expect(exitCode, output).toBe(0)
  expect(changed).toEqual(
    expect.arrayContaining(NODES.map((node) => `${node} drbd_metadata r0/0 on /dev/vdb`)),
  )
  expect(await onAll('drbdadm', 'dstate', 'r0')).toEqual(NODES.map((node) => `${node}  UpToDate/UpToDate`))
  const mounts = await onAll('sh', '-c', 'findmnt -rno SOURCE /srv || echo none')
  expect(new Set(mounts.map((line) => line.split(/ +/)[1]))).toEqual(new Set(['/dev/drbd0', 'none']))
})

test('and has nothing to do the next time', async () => {
  const { exitCode, changed, output } = await play('playbooks/drbd-cluster.yml')
  expect(exitCode, output).toBe(0)
  expect(changed).toEqual([])
})

test('the active node fails, and nothing is lost', async () => {
  const { exitCode, output } = await play('playbooks/drill-failover.yml', ['-i', drill], {
    within: ['nsenter', `--net=${lab.netns}`],
  })
  expect(exitCode, output).toBe(0)
})
