import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RunResult } from '../support/bringup.ts'
import { endOf, errorsIn, runEnd } from '../support/engine_project.ts'
import type { EngineProject } from '../support/engine_project.ts'
import { until } from '../support/until.ts'
import { NODES, pairProject, pairVars, raisePair, RESOURCE } from './drbd_pair.ts'
import type { DrbdPair } from './drbd_pair.ts'

let pair: DrbdPair
let project: EngineProject
beforeAll(async () => {
  pair = await raisePair()
})
afterAll(() => pair?.lab.down())
beforeEach(() => {
  project = pairProject(pair, ['drbd_resource', 'initial_primary'])
})

const run = (...args: string[]) => project.run('-i', 'group_vars.yml', ...args)
const say: DrbdPair['say'] = (node, script) => pair.say(node, script)
const onAll: DrbdPair['onAll'] = (script) => pair.onAll(script)
const state: DrbdPair['state'] = (node) => pair.state(node)
const current = async (node: string): Promise<string> => (await say(node, 'drbdadm get-gi r0')).slice(0, 16)
const commandsOf = ({ events }: RunResult): string[] =>
  events.flatMap((event) => (event.type === 'task_end' ? event.commands.map(({ command }) => command) : []))

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
    expect(commandsOf(first).filter((command) => command.includes('primary --force'))).toHaveLength(1)
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
    project.write(pairVars({ net: { 'max-buffers': '9000', 'max-epoch-size': '9000' } }))
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
    project.write(pairVars(fields))
    const refused = await run()
    expect(refused.exitCode, refused.output).toBe(2)
    expect(await onAll('cat /etc/drbd.d/r0.res; drbdsetup show r0')).toEqual(before)
    expect(await state('server1')).toBe('Connected Secondary/Secondary UpToDate/UpToDate')
    project.write(pairVars())
  })
})

describe('a file system', () => {
  const FILESYSTEMS = { filesystems: [{ resource: 'r0', type: 'ext4', label: 'data' }] }
  /** As it stands on the disks below: both, or DRBD would have told one of them nothing. */
  const uuids = () =>
    onAll('blockdev --flushbufs /dev/vdb1; blkid -p -n ext4 -o value -s UUID /dev/vdb1 || :')
  const MADE = 'server1 mkfs ext4 on /dev/drbd0'

  beforeEach(() => {
    project = pairProject(pair, ['drbd_resource', 'initial_primary', 'filesystem'])
    project.write(pairVars({}, FILESYSTEMS))
  })

  test('is made once, by the node that has the data, which is secondary again', async () => {
    expect(await uuids()).toEqual(['', ''])
    const made = await run()
    expect(made.exitCode, made.output).toBe(0)
    expect(made.changed.filter((task) => task.includes('mkfs'))).toEqual([MADE])
    expect(await state('server1')).toBe('Connected Secondary/Secondary UpToDate/UpToDate')
    const [uuid, other] = await uuids()
    expect(uuid).toMatch(/^[\da-f-]{36}$/)
    expect(other).toBe(uuid)
    expect((await run()).changed).toEqual([])
    expect(await uuids()).toEqual([uuid, uuid])
  })

  test('is kept by whoever is primary and named as the first, whatever was consented to', async () => {
    const before = await uuids()
    await say('server2', 'drbdadm primary r0 && mount /dev/drbd0 /mnt && echo kept >/mnt/file')
    project.write(pairVars({ first_primary: 'server2' }, FILESYSTEMS))
    const consents = NODES.flatMap((node) => ['--destroy', `${node}:/dev/drbd0`])
    const again = await run(...consents)
    expect(again.exitCode, again.output).toBe(0)
    expect(again.changed).toEqual([])
    expect(await say('server2', 'cat /mnt/file; umount /mnt; drbdadm secondary r0')).toBe('kept')
    expect(await uuids()).toEqual(before)
  })

  test('is made over another content by consent alone, which names the DRBD device and its node', async () => {
    await say(
      'server1',
      'drbdadm primary r0 && wipefs -qa /dev/drbd0 && mkswap -q /dev/drbd0 && drbdadm secondary r0',
    )
    const bytes = () => onAll('blockdev --flushbufs /dev/vdb1; head -c 1048576 /dev/vdb1 | sha256sum')
    const [before, generation] = [await bytes(), await current('server1')]
    for (const args of [[], ['--destroy', 'server1:/dev/vdb1'], ['--destroy', 'server2:/dev/drbd0']]) {
      const refused = await run(...args)
      expect(refused.exitCode, refused.output).toBe(2)
      expect(refused.changed).toEqual([])
      const error = runEnd(refused.events).error
      expect(error).toMatchObject({
        code: 'DESTROY_NEEDS_CONSENT',
        seen: expect.stringContaining('swap') as string,
        remedy: expect.stringContaining('--destroy server1:/dev/drbd0') as string,
      })
    }
    expect(await bytes()).toEqual(before)
    expect(await current('server1')).toBe(generation)

    const consent = ['--destroy', 'server1:/dev/drbd0']
    const made = await run(...consent)
    expect(made.exitCode, made.output).toBe(0)
    expect(made.changed).toEqual([MADE])
    const [uuid, other] = await uuids()
    expect(uuid).toMatch(/^[\da-f-]{36}$/)
    expect(other).toBe(uuid)
    // The consent is still there.
    expect((await run(...consent)).changed).toEqual([])
    expect(await uuids()).toEqual([uuid, uuid])
    expect(await state('server1')).toBe('Connected Secondary/Secondary UpToDate/UpToDate')
  })
})

test('after a reboot of both nodes both are Secondary and UpToDate, and nothing is to be done', async () => {
  // The options of the tests before this one are taken back.
  expect((await run()).exitCode).toBe(0)
  const boots = await onAll('cat /proc/sys/kernel/random/boot_id')
  await Promise.all(NODES.map((node) => pair.lab.exec(node, 'systemctl reboot')))
  for (const [at, node] of NODES.entries())
    await until(async () => {
      const { exitCode, stdout } = await pair.lab.exec(node, 'cat /proc/sys/kernel/random/boot_id')
      return exitCode === 0 && stdout.trim() !== boots[at]
    })
  for (const node of NODES)
    await until(
      async () => (await state(node).catch(() => '')) === 'Connected Secondary/Secondary UpToDate/UpToDate',
    )
  for (const node of NODES) await say(node, 'systemctl is-system-running --wait || :')
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
    await pair.lab.powerOff('server2')
    const refused = await run()
    expect(refused.exitCode).toBe(4)
    expect(refused.changed).toEqual([])
    expect(await say('server1', 'drbdadm get-gi r0')).toBe(before)
  })
})
