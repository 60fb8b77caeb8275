import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { RunResult } from '../../support/bringup.ts'
import { someData } from '../../support/disk_contents.ts'
import { engineProject } from '../../support/engine_project.ts'
import type { EngineProject } from '../../support/engine_project.ts'
import { labDisk } from '../../support/lab_disks.ts'
import type { LabDisk } from '../../support/lab_disks.ts'

const MIB = 1024 * 1024

let lab: Lab
let one: LabDisk
let two: LabDisk
beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, warm: ['drbd-utils'] })
  for (const node of ['server1', 'server2'])
    await lab.exec(
      node,
      'DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends drbd-utils',
    )
  one = await labDisk(lab, 'server1', '/dev/vdb', 16 * MIB)
  two = await labDisk(lab, 'server2', '/dev/vdb', 16 * MIB)
})
afterAll(async () => {
  await one?.close()
  await two?.close()
  await lab?.down()
})
beforeEach(async () => {
  await one.fill({ at: 0, bytes: someData(MIB) })
  await two.fill({ at: 5 * MIB, bytes: someData(MIB) })
})
afterEach(() => lab.exec('server1', 'rm -f /run/touched'))

const wanted = (minor: number): string => `
    const want = { resource: 'r${minor}', minor: ${minor}, device: vars.metadata_device, driver: '9', node_id: 0, max_peers: 1 }`
const metadata = (minor = 0): string => `
  vars: z.strictObject({ metadata_device: z.string().default('/dev/vdb') }),
  async inspect({ nodes, vars }) {${wanted(minor)}
    await nodes.each((node) => node.drbd_metadata(want))
  },
  async run({ nodes, vars }) {${wanted(minor)}
    await nodes.each((node) => node.drbd_metadata(want))
  },`
const touch = `
  async run({ nodes }) {
    await nodes.each((node) => node.file({ path: '/run/touched', content: '' }))
  },`
const fails = `
  async run() {
    throw new Error('this role fails')
  },`

const site = (roles: Record<string, string>): EngineProject => engineProject(lab, roles)
const digests = async (): Promise<string[]> => [await one.digest(), await two.digest()]
const errorOf = ({ events }: RunResult) => events.findLast((event) => event.type === 'run_end')?.error
const warnings = ({ events }: RunResult): string[] =>
  events.flatMap((event) => (event.type === 'warning' ? [event.message] : []))
const CONSENTS = ['--destroy', 'server1:/dev/vdb', '--destroy', 'server2:/dev/vdb']

test('without consent the play stops before its first change, and tells what all roles would destroy on all hosts', async () => {
  const { run } = site({ touch, metadata: metadata() })
  const before = await digests()
  for (const args of [[], ['--check'], ['--destroy', 'server2:/dev/vdb']]) {
    const ended = await run(...args)
    expect(ended.exitCode, ended.output).toBe(2)
    expect(ended.changed).toEqual([])
    const error = errorOf(ended)
    expect(error?.code).toBe('DESTROY_NEEDS_CONSENT')
    expect(error?.seen).toContain('server1: /dev/vdb, 16 MiB, loop ')
    expect(error?.remedy).toContain('--destroy server1:/dev/vdb')
    expect(error?.remedy?.includes('--destroy server2:/dev/vdb')).toBe(args.length < 2)
    expect(ended.events.some((event) => event.type === 'role_start')).toBe(false)
  }
  expect(await digests()).toEqual(before)
  expect((await lab.exec('server1', 'ls /run/touched 2>&1 || true')).stdout).toContain('No such file')
})

test('a role that is left out asks for nothing', async () => {
  const project = site({ metadata: metadata(), touch })
  project.write({
    'site.yml':
      '- name: p\n  hosts: cluster\n  roles:\n    - { role: metadata, tags: [disks] }\n    - { role: touch, tags: [rest] }\n',
  })
  const before = await digests()
  for (const args of [
    ['--tags', 'rest'],
    ['--start-at', 'touch'],
  ]) {
    const ended = await project.run(...args)
    expect(ended.exitCode, ended.output).toBe(0)
  }
  expect(await digests()).toEqual(before)
  const limited = await project.run('--limit', 'server1', '--destroy', 'server1:/dev/vdb')
  expect(limited.exitCode, limited.output).toBe(0)
  expect((await digests())[1]).toBe(before[1])
})

test('with consent it is destroyed once; the run that goes on asks no more, and a consent that is left over is told', async () => {
  const project = site({ metadata: metadata(), fails })
  const first = await project.run(...CONSENTS)
  expect(first.exitCode, first.output).toBe(2)
  expect(first.changed.toSorted()).toEqual([
    'server1 drbd_metadata r0/0 on /dev/vdb',
    'server2 drbd_metadata r0/0 on /dev/vdb',
  ])
  const made = await digests()
  project.write({
    'roles/fails/role.ts': `import { defineRole, z } from 'bringup'\nexport default defineRole({ summary: 's', vars: z.strictObject({}), async run() {} })\n`,
  })
  const resumed = await project.run('--resume')
  expect(resumed.exitCode, resumed.output).toBe(0)
  const again = await project.run(...CONSENTS)
  expect(again.exitCode, again.output).toBe(0)
  expect(again.changed).toEqual([])
  expect(warnings(again)).toEqual(
    ['server1', 'server2'].map(
      (host) =>
        `the consent --destroy ${host}:/dev/vdb was not needed: nothing on /dev/vdb of ${host} had to be destroyed; take it out`,
    ),
  )
  expect(await digests()).toEqual(made)
})

test('consent in the inventory counts as that on the command line', async () => {
  const project = site({ metadata: metadata() })
  project.write({
    'host_vars/server1.yml': 'destroy: [/dev/vdb]\n',
    'host_vars/server2.yml': 'destroy: [/dev/vdb]\n',
  })
  const ended = await project.run('--check')
  expect(ended.exitCode, ended.output).toBe(0)
  expect(ended.changed).toHaveLength(2)
})

test('a link that leads to another disk than when the play began is not followed', async () => {
  const other = await labDisk(lab, 'server1', '/dev/vdc', 16 * MIB)
  try {
    for (const content of ['data', 'nothing']) {
      await other.fill(...(content === 'data' ? [{ at: MIB, bytes: someData(MIB) }] : []))
      await lab.exec('server1', 'mkdir -p /dev/disk/by-id; ln -sfn /dev/vdb /dev/disk/by-id/data')
      const project = site({
        relink: `
  async run({ nodes }) {
    await nodes.first.$\`ln -sfn /dev/vdc /dev/disk/by-id/data\`
  },`,
        metadata: metadata(),
      })
      const before = [await one.digest(), await other.digest()]
      const ended = await project.run(
        '--limit',
        'server1',
        '-e',
        'metadata_device=/dev/disk/by-id/data',
        ...CONSENTS,
        '--destroy',
        'server1:/dev/vdc',
      )
      expect(ended.exitCode, ended.output).toBe(2)
      expect(errorOf(ended)).toMatchObject({
        code: 'CHANGED_MEANWHILE',
        message: '/dev/disk/by-id/data is another device than when the play began',
      })
      expect([await one.digest(), await other.digest()]).toEqual(before)
    }
  } finally {
    await other.close()
  }
})

test('a role that destroys without having looked before is stopped', async () => {
  const before = await digests()
  const blind = metadata().replace(/async inspect[\s\S]*?\n {2}\},\n/, '')
  const ended = await site({ blind }).run(...CONSENTS)
  expect(ended.exitCode, ended.output).toBe(2)
  expect(errorOf(ended)?.code).toBe('ROLE_INVALID')
  expect(await digests()).toEqual(before)
})

test('what a role throws when it looks is told, and nothing is changed', async () => {
  const ended = await site({
    touch,
    looks: `
  async inspect({ nodes }) {
    await nodes.each(async (node) => {
      if (node.name === 'server2') throw new Error('server2 has no eyes')
    })
  },
  async run() {},`,
  }).run()
  expect(ended.exitCode, ended.output).toBe(2)
  expect(errorOf(ended)?.message).toBe('looks could not look ahead on server2: server2 has no eyes')
  expect(ended.changed).toEqual([])
})
