import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { stringify } from 'yaml'
import { endOf, engineProject, errorsIn } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'
import type { ResourceInput } from '../unit/drbd/declared.ts'

// Debian's own kernel with its DRBD 8.4, and Debian's drbd-utils.
let lab: Lab
let project: EngineProject

const NODES = ['server1', 'server2']
const RESOURCE: ResourceInput = {
  name: 'r0',
  driver: '8.4',
  first_primary: 'server1',
  nodes: [
    { name: 'server1', node_id: 0, address: '192.168.111.101' },
    { name: 'server2', node_id: 1, address: '192.168.111.102' },
  ],
  volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/vdb1', server2: '/dev/vdb1' } }],
}

/** The play's vars, for a resource with these differences. */
const vars = (fields: Partial<ResourceInput> = {}, more: object = {}): Record<string, string> => ({
  'group_vars.yml': stringify({ all: { vars: { drbd_resources: [{ ...RESOURCE, ...fields }], ...more } } }),
})
const run = (...args: string[]) => project.run('-i', 'group_vars.yml', ...args)

const say = async (node: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await lab.exec(node, script)
  expect(exitCode, `${node}: ${script}\n${stderr}`).toBe(0)
  return stdout.trim()
}
const onAll = (script: string): Promise<string[]> => Promise.all(NODES.map((node) => say(node, script)))
/** `Connected Secondary/Secondary UpToDate/UpToDate`, as 8.4 has it. */
const state = (node: string): Promise<string> =>
  say(node, "sed -n 's/^ 0: cs:\\(\\S*\\) ro:\\(\\S*\\) ds:\\(\\S*\\).*/\\1 \\2 \\3/p' /proc/drbd")
const current = async (node: string): Promise<string> => (await say(node, 'drbdadm get-gi r0')).slice(0, 16)
const commandsOf = (events: Awaited<ReturnType<typeof run>>['events']): string[] =>
  events.flatMap((event) => (event.type === 'task_end' ? event.commands.map(({ command }) => command) : []))

// A table of one partition of 64 MiB: a minimal system has no fdisk, and less is copied sooner.
const PARTITION = `printf '\\0\\0\\0\\0\\203\\0\\0\\0\\0\\010\\0\\0\\0\\0\\002\\0' | dd of=/dev/vdb bs=1 seek=446 conv=notrunc status=none
printf '\\125\\252' | dd of=/dev/vdb bs=1 seek=510 conv=notrunc status=none
blockdev --rereadpt /dev/vdb`

beforeAll(async () => {
  lab = await raiseLab({ nodes: 2, kind: 'vms', installed: ['drbd-utils'] })
  await onAll(PARTITION)
})
afterAll(() => lab?.down())
beforeEach(() => {
  project = engineProject(lab, {
    in_tree: `
  async run({ nodes }) {
    await nodes.each((node) => node.kernel_module({ name: 'drbd' }))
  },`,
  })
  project.write({
    ...vars(),
    'site.yml': '- name: DRBD\n  hosts: cluster\n  roles: [in_tree, drbd_resource, initial_primary]\n',
  })
})

describe('from blank disks', () => {
  test('a check says all that would be done, and does nothing', async () => {
    // Debian's package has it loaded at boot; drbdsetup, and whatever asks it, would load it again.
    await onAll('modprobe -r drbd')
    const check = await run('--check')
    expect(check.exitCode, check.output).toBe(0)
    expect(check.changed).toEqual(
      expect.arrayContaining([
        ...NODES.flatMap((node) => [
          `${node} drbd_config r0`,
          `${node} drbd_metadata r0/0 on /dev/vdb1`,
          `${node} drbd_adjust r0`,
          `${node} service drbd`,
        ]),
        'server1 r0 has data',
      ]),
    )
    expect(await onAll('ls /proc/drbd /etc/drbd.d/*.res 2>/dev/null || :')).toEqual(['', ''])
  })

  test('configured, connected, forced once, and copied while the next run finds nothing to do', async () => {
    const first = await run()
    expect(first.exitCode, first.output).toBe(0)
    expect(commandsOf(first.events).filter((command) => command.includes('primary --force'))).toHaveLength(1)
    // Secondary again, and the disk of server1 is the one that is copied.
    expect(await state('server1')).toMatch(/^\w+ Secondary\/Secondary UpToDate\//)

    // Held in the middle of it, so that the next run is certain to meet a sync.
    await until(async () => (await state('server2')).endsWith('UpToDate/UpToDate'))
    await say('server2', 'drbdadm pause-sync r0 && drbdadm invalidate r0')
    const generation = await current('server1')
    const second = await run()
    expect(second.exitCode, second.output).toBe(0)
    expect(second.changed).toEqual([])
    expect(await state('server2')).toMatch(/^PausedSyncT .* Inconsistent\/UpToDate$/)
    expect(await current('server1')).toBe(generation)
    await say('server2', 'drbdadm resume-sync r0')
  })

  test('waited for until all is copied, with what is left on the terminal', async () => {
    const waited = await run('-e', 'initial_sync_wait=true')
    expect(waited.exitCode, waited.output).toBe(0)
    expect(waited.changed).toEqual([])
    expect(await state('server2')).toBe('Connected Secondary/Secondary UpToDate/UpToDate')
    endOf(waited.events, 'server1', 'r0 UpToDate on all nodes')
  })
})

describe('on a live resource', () => {
  test('an option is shown by a check, and adjusted as it runs', async () => {
    project.write(vars({ net: { 'max-buffers': '9000', 'max-epoch-size': '9000' } }))
    const check = await run('--check')
    expect(check.exitCode, check.output).toBe(0)
    const { changes } = endOf(check.events, 'server1', 'drbd_adjust r0')
    expect(changes.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^drbdsetup-84 net-options .*--max-buffers=9000/) as string,
    ])
    const generation = await current('server1')
    expect((await run()).exitCode).toBe(0)
    expect(await onAll('drbdsetup show r0 | grep -c 9000')).toEqual(['2', '2'])
    expect(await state('server1')).toBe('Connected Secondary/Secondary UpToDate/UpToDate')
    expect(await current('server1')).toBe(generation)
    expect((await run()).changed).toEqual([])
  })

  test.each([
    [
      'another disk',
      { volumes: [{ volume: 0, minor: 0, disks: { server1: '/dev/vdb1', server2: '/dev/vda1' } }] },
    ],
    ['another minor', { volumes: [{ ...RESOURCE.volumes[0]!, minor: 5 }] }],
  ])('%s is refused, and nothing was touched', async (_what, fields) => {
    const before = await onAll('cat /etc/drbd.d/r0.res; drbdsetup show r0')
    project.write(vars(fields))
    const refused = await run()
    expect(refused.exitCode, refused.output).toBe(2)
    expect(await onAll('cat /etc/drbd.d/r0.res; drbdsetup show r0')).toEqual(before)
    expect(await state('server1')).toBe('Connected Secondary/Secondary UpToDate/UpToDate')
    project.write(vars())
  })
})

test('after a reboot of both nodes both are Secondary and UpToDate, and nothing is to be done', async () => {
  // The options of the tests before this one are taken back.
  expect((await run()).exitCode).toBe(0)
  const boots = await onAll('cat /proc/sys/kernel/random/boot_id')
  await Promise.all(NODES.map((node) => lab.exec(node, 'systemctl reboot')))
  for (const [at, node] of NODES.entries())
    await until(async () => {
      const { exitCode, stdout } = await lab.exec(node, 'cat /proc/sys/kernel/random/boot_id')
      return exitCode === 0 && stdout.trim() !== boots[at]
    })
  for (const node of NODES)
    await until(async () => (await state(node)) === 'Connected Secondary/Secondary UpToDate/UpToDate')
  const again = await run()
  expect(again.exitCode, again.output).toBe(0)
  expect(again.changed).toEqual([])
})

describe('what must not be decided by a program', () => {
  test('a split brain', async () => {
    await say('server1', 'drbdadm disconnect r0')
    for (const node of NODES)
      await say(
        node,
        'drbdadm primary r0 && dd if=/dev/urandom of=/dev/drbd0 bs=4k count=1 oflag=direct && drbdadm secondary r0',
      )
    const generations = await Promise.all(NODES.map(current))
    const refused = await run()
    expect(refused.exitCode).toBe(2)
    expect(errorsIn(refused.events)).toMatchObject([
      {
        code: 'REFUSED',
        message: expect.stringContaining('a split brain') as string,
        remedy: expect.stringContaining('--discard-my-data') as string,
      },
    ])
    expect(await Promise.all(NODES.map(current))).toEqual(generations)
  })
  test('a node that is away: nothing is done on the others', async () => {
    const before = await say('server1', 'drbdadm get-gi r0')
    await lab.powerOff('server2')
    const refused = await run()
    expect(refused.exitCode).toBe(4)
    expect(refused.changed).toEqual([])
    expect(await say('server1', 'drbdadm get-gi r0')).toBe(before)
  })
})
