import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { local } from '../../scripts/lab/local.ts'
import { raiseVagrant } from '../../scripts/vagrant/raise.ts'
import type { VagrantLab } from '../../scripts/vagrant/raise.ts'
import { traces } from '../containers/traces.ts'
import { bringupRun } from '../support/bringup.ts'
import type { RunSettings } from '../support/bringup.ts'
import { until } from '../support/until.ts'

// Two machines with a stand-in for OpenVZ 7, which can not be had here, go through the whole playbook.
const NAME = 'openvz-test'
const NODES = ['server1', 'server2']
const CONSENT = NODES.flatMap((node) => ['--destroy', `${node}:/dev/mapper/openvz-vz`])

let lab: VagrantLab
beforeAll(async () => {
  const installed = [
    'cluster',
    'drbd-utils',
    'lvm2',
    'systemd-container',
    'busybox-static',
    'rsync',
    'attr',
    'acl',
  ]
  lab = await raiseVagrant({ name: NAME, nodes: 2, installed, spare: 256 * 1024 ** 2 }, console.error)
})
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]()
  await until(async () => (await traces(NAME)).length === 0)
})

const on = async (limit: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } =
    await local()`node bin/bringup.js exec -i ${lab.inventory} --limit ${limit} -- sh -c ${script}`.nothrow()
  expect(exitCode, `${limit}: ${script}: ${stdout}${stderr}`).toBe(0)
  return stdout.trim().replace(/^\S+ +/gm, '')
}
const play = (playbook: string, more: readonly string[] = [], settings: RunSettings = {}) =>
  bringupRun([playbook, '-i', lab.inventory, '-i', 'test/vagrant/openvz.yml', ...more], {
    env: { HACLUSTER_PASSWORD: 'correct-horse-battery' },
    ...settings,
  })
/** Names of nodes where the container runs. */
const runsOn = async (): Promise<string[]> => {
  const said = await Promise.all(
    NODES.map(async (node) => ({
      node,
      list: await on(node, 'prlctl list -H -o name,status 2>/dev/null || :'),
    })),
  )
  return said.filter(({ list }) => /\bweb +running/.test(list)).map(({ node }) => node)
}

test('two machines with OpenVZ, and a container on one of them', async () => {
  const { exitCode, output } = await play('test/openvz_standin/standin.yml', ['-e', 'openvz_disk=/dev/vdb'])
  expect(exitCode, output).toBe(0)
  await on(
    'server1',
    'prlctl create web --vmtype ct --ostemplate busybox && vzctl set web --onboot yes --save && prlctl start web',
  )
  await on('server1', 'printf "echo precious >/kept && sync" | prlctl exec web sh')
  expect(await runsOn()).toEqual(['server1'])
})

test('without consent nothing is touched, and what to say is said', async () => {
  const { exitCode, stdout } = await play('playbooks/openvz-cluster.yml')
  expect(exitCode, stdout).toBe(2)
  for (const node of NODES) expect(stdout).toContain(`--destroy ${node}:/dev/mapper/openvz-vz`)
  expect(await runsOn()).toEqual(['server1'])
})

test('openvz-cluster.yml takes /vz away, replicates the volume, and brings everything back', async () => {
  const { exitCode, output } = await play('playbooks/openvz-cluster.yml', CONSENT)
  expect(exitCode, output).toBe(0)
  const [active = '', ...others] = await runsOn()
  expect([active, ...others]).toHaveLength(1)
  expect(await on(active, 'printf "cat /kept" | prlctl exec web sh')).toBe('precious')
  expect(await on(active, 'findmnt -rno SOURCE /vz')).toBe('/dev/drbd0')
  expect(await on('server1', 'ls -d /root/vz-evacuated/etc-vz')).toBe('/root/vz-evacuated/etc-vz')
  for (const node of NODES) {
    expect(await on(node, 'readlink /etc/vz; grep " /vz " /etc/fstab')).toMatch(/^\/vz\/etc-vz\n#.* \/vz /)
    expect(await on(node, 'drbdadm dstate r0')).toBe('UpToDate/UpToDate')
  }
})

test('and has nothing to do the next time', async () => {
  const { exitCode, changed, output } = await play('playbooks/openvz-cluster.yml')
  expect(exitCode, output).toBe(0)
  expect(changed).toEqual([])
})

test('a container goes on with its files on the other node, whichever way one fails', async () => {
  const { exitCode, output } = await play('playbooks/drill-openvz.yml', [], {
    within: ['nsenter', `--net=${lab.netns}`],
  })
  expect(exitCode, output).toBe(0)
  const [active = ''] = await runsOn()
  expect(await on(active, 'printf "cat /kept" | prlctl exec web sh')).toBe('precious')
  expect(await on(active, 'prlctl list -a -H -o name')).not.toContain('bringup-drill')
})

test('the copy goes when it is said so', async () => {
  const site = join(dirname(lab.inventory), 'keep.yml')
  const evacuation = { from: 'server1', keep: false }
  writeFileSync(site, stringify({ all: { children: { cluster: { vars: { evacuation } } } } }))
  const { exitCode, output } = await play('playbooks/openvz-cluster.yml', ['-i', site])
  expect(exitCode, output).toBe(0)
  expect(await on('server1', 'ls -d /root/vz-evacuated* /etc/vz.evacuated 2>/dev/null || echo gone')).toBe(
    'gone',
  )
  expect(await runsOn()).toHaveLength(1)
})
