import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { command } from '../../../src/operations/command.ts'
import { dropin, sectionsText } from '../../../src/operations/dropin.ts'
import { kernel_module } from '../../../src/operations/kernel_module.ts'
import { mount } from '../../../src/operations/mount.ts'
import type { MountState } from '../../../src/operations/mount.ts'
import { reboot } from '../../../src/operations/reboot.ts'
import { restart } from '../../../src/operations/restart.ts'
import { service } from '../../../src/operations/service.ts'
import { sysctl } from '../../../src/operations/sysctl.ts'
import { unitName } from '../../../src/operations/unit_state.ts'
import type { UnitState } from '../../../src/operations/unit_state.ts'
import { user } from '../../../src/operations/user.ts'
import type { UserState } from '../../../src/operations/user_state.ts'
import { wait_for } from '../../../src/operations/wait_for.ts'
import { Secret } from '../../../src/secret.ts'

const summaries = (changes: readonly { summary: string }[]): string[] =>
  changes.map((change) => change.summary)

const running: UnitState = {
  load: 'loaded',
  active: 'active',
  enabled: 'enabled',
  needsReload: false,
  arrives: false,
}
const missing: UnitState = { ...running, load: 'not-found', active: 'inactive', enabled: '' }

describe('service', () => {
  const plan = (now: UnitState, want: Omit<z.input<typeof service.params>, 'name'>) =>
    summaries(service.plan(now, service.params.parse({ name: 'pacemaker', ...want })))

  test.each<[string, Partial<UnitState>, Parameters<typeof plan>[1], string[]]>([
    ['as wanted', {}, { state: 'started', enabled: true }, []],
    ['reloading is running', { active: 'reloading' }, { state: 'started' }, []],
    ['starting is not running yet', { active: 'activating' }, { state: 'started' }, ['start']],
    ['failed is stopped', { active: 'failed' }, { state: 'stopped' }, []],
    ['stopping is not stopped yet', { active: 'deactivating' }, { state: 'stopped' }, ['stop']],
    ['an alias is enabled', { enabled: 'alias' }, { enabled: true }, []],
    ['until the next boot only', { enabled: 'enabled-runtime' }, { enabled: true }, ['enable']],
    ['changed files', { needsReload: true }, { state: 'started' }, ['daemon-reload']],
    [
      'masked',
      { load: 'masked', enabled: 'masked', active: 'inactive' },
      { masked: false, state: 'started', enabled: false },
      ['unmask', 'disable', 'start'],
    ],
  ])('%s', (_, now, want, steps) => {
    expect(plan({ ...running, ...now }, want)).toEqual(steps)
  })

  test('a unit that is not there is stopped and disabled, and may come with a package', () => {
    expect(plan(missing, { state: 'stopped', enabled: false })).toEqual([])
    expect(plan(missing, { state: 'started' })).toEqual(['start (no such unit yet)'])
    expect(plan({ ...missing, arrives: true }, { enabled: true })).toEqual(['enable (package planned)'])
  })

  test('what cannot be is refused', () => {
    expect(service.params.safeParse({ name: 'x', masked: true, state: 'started' }).success).toBe(false)
    expect(service.params.safeParse({ name: '--now' }).success).toBe(true)
    expect(service.params.safeParse({ name: 'a b' }).success).toBe(false)
    expect(unitName.parse('apt-daily.timer')).toBe('apt-daily.timer')
    expect(unitName.parse('drbd@r0')).toBe('drbd@r0.service')
  })
})

test('restart leaves what is stopped alone, unless asked', () => {
  const stopped = { ...missing, load: 'loaded', started: '1', done: false }
  const plan = (want: object, now = stopped) =>
    summaries(restart.plan(now, restart.params.parse({ name: 'corosync', ...want })))
  expect(plan({})).toEqual([])
  expect(plan({ start_if_stopped: true })).toEqual(['start'])
  expect(plan({}, { ...running, started: '1', done: false })).toEqual(['restart'])
  expect(plan({ reload: true }, { ...running, started: '1', done: false })).toEqual(['reload'])
  expect(plan({}, { ...running, started: '2', done: true })).toEqual([])
})

test('a drop-in is written as systemd.syntax(7) has it', () => {
  expect(
    sectionsText({
      Unit: { After: ['drbd.service', 'network.target'] },
      Service: { ExecStart: ['', '/usr/sbin/x --debug'], Nice: 5, PrivateTmp: true },
    }),
  ).toMatchInlineSnapshot(`
    "[Unit]
    After=drbd.service
    After=network.target

    [Service]
    ExecStart=
    ExecStart=/usr/sbin/x --debug
    Nice=5
    PrivateTmp=true
    "
  `)
  expect(dropin.params.safeParse({ unit: 'cron', name: '../x', content: '' }).success).toBe(false)
  expect(dropin.params.safeParse({ unit: 'cron' }).success).toBe(false)
})

describe('user', () => {
  const ada: UserState = {
    account: {
      uid: 4200,
      group: { name: 'ada', id: '4200' },
      groups: ['adm', 'dba'],
      comment: '',
      home: '/home/ada',
      shell: '/bin/sh',
    },
    password: 'none',
    arrives: false,
  }
  const nobody: UserState = { account: null, password: 'none', arrives: false }
  const plan = (now: UserState, want: Omit<z.input<typeof user.params>, 'name'>) =>
    summaries(user.plan(now, user.params.parse({ name: 'ada', ...want })))
  const password = new Secret('correct horse')

  test.each<[string, UserState, Parameters<typeof plan>[1], string[]]>([
    ['as it is', ada, {}, []],
    ['a group by number', ada, { group: 4200 }, []],
    ['one more group', ada, { groups: ['wheel'] }, ['join wheel']],
    ['these groups only', ada, { groups: ['dba'], append: false }, ['leave adm']],
    ['out of all groups', ada, { groups: [], append: false }, ['leave adm, dba']],
    [
      'changed',
      ada,
      { uid: 1, comment: 'Ada', shell: '/bin/bash' },
      ['uid 4200 → 1', 'comment unset → Ada', 'shell /bin/sh → /bin/bash'],
    ],
    ['a password that is right', { ...ada, password: 'same' }, { password }, []],
    ['a password that is not', { ...ada, password: 'different' }, { password }, ['set the password']],
    ['made with a password', nobody, { password }, ['create', 'set the password']],
    ['gone', ada, { state: 'absent' }, ['remove (uid 4200; its home stays)']],
    ['not there anyway', nobody, { state: 'absent' }, []],
    [
      'one that a package brings',
      { ...nobody, arrives: true },
      { create: false, password },
      ['set the password (package planned)'],
    ],
    ['one that nobody brings', nobody, { create: false }, ['must be there (no such user yet)']],
  ])('%s', (_, now, want, changes) => {
    expect(plan(now, want)).toEqual(changes)
  })

  test('a password is a secret, in one line', () => {
    expect(user.params.safeParse({ name: 'ada', password: 'plain' }).success).toBe(false)
    expect(user.params.safeParse({ name: 'ada', password: new Secret('two\nlines') }).success).toBe(false)
  })
})

describe('mount', () => {
  const absent = {
    kind: 'absent',
    parent: 'present',
    owner: { name: 'root', id: 0 },
    group: { name: 'root', id: 0 },
  } as const
  const nothing: MountState = { mounted: null, device: '/dev/drbd0', occupied: false, fstab: absent }
  const mounted = (source: string, ...options: string[]): MountState => ({
    ...nothing,
    mounted: { source, type: 'ext4', options },
  })
  const plan = (now: MountState, want: object) =>
    summaries(
      mount.plan(
        now,
        mount.params.parse({ mountpoint: '/srv', spec: '/dev/drbd0', type: 'ext4', boot: false, ...want }),
      ),
    )

  test.each<[string, MountState, object, string[]]>([
    ['missing', nothing, {}, ['mount /dev/drbd0']],
    ['over files', { ...nothing, occupied: true }, {}, ['mount /dev/drbd0, over files that are there']],
    ['as wanted', mounted('/dev/drbd0', 'rw', 'relatime'), {}, []],
    ['by its label', mounted('/dev/drbd0', 'rw'), { spec: 'LABEL=data' }, []],
    ['read-only', mounted('/dev/drbd0', 'ro'), {}, ['remount with rw']],
    ['stricter', mounted('/dev/drbd0', 'rw'), { options: ['ro', 'nodev'] }, ['remount with ro,nodev']],
    ['something else', mounted('/dev/vdb', 'rw'), {}, ['mount /dev/drbd0 (/dev/vdb is mounted there)']],
    ['a bind mount', mounted('/dev/vda', 'rw'), { spec: '/home/x', options: ['bind'] }, []],
    ['to be unmounted', mounted('/dev/drbd0', 'rw'), { state: 'unmounted' }, ['unmount /dev/drbd0']],
    ['unmounted', nothing, { state: 'unmounted' }, []],
  ])('%s', (_, now, want, changes) => {
    expect(plan(now, want)).toEqual(changes)
  })

  test('fstab follows what is wanted now', () => {
    const want = mount.params.parse({ mountpoint: '/srv', spec: '/dev/drbd0', type: 'ext4' })
    expect(mount.plan(mounted('/dev/drbd0', 'rw'), want)).toMatchObject([
      { diff: { path: '/etc/fstab', after: '/dev/drbd0 /srv ext4 defaults 0 0\n' } },
    ])
  })
})

test.each([
  [{ run: ['true'] }, false],
  [{ run: [], creates: '/x' }, false],
  [{ run: 'make install', creates: '/usr/sbin/drbdadm' }, true],
  [{ run: ['make', '-j', 2], unless: ['test', '-e', '/x'] }, true],
  [{ run: 'true', creates: '../x' }, false],
])('command %j is accepted: %s', (input, accepted) => {
  expect(command.params.safeParse(input).success).toBe(accepted)
})

test.each([
  [{ port: 22 }, true],
  [{ port: 22, path: '/x' }, false],
  [{}, false],
  [{ port: 70_000 }, false],
])('wait_for %j is accepted: %s', (input, accepted) => {
  expect(wait_for.params.safeParse(input).success).toBe(accepted)
})

test.each([
  ['net.ipv4.ip_forward', true],
  ['net/ipv4/conf/eth0.5/forwarding', true],
  ['../../etc/passwd', false],
  ['kernel//x', true],
  ['a=b', false],
])('kernel parameter %s is accepted: %s', (key, accepted) => {
  expect(sysctl.params.safeParse({ values: { [key]: 1 } }).success).toBe(accepted)
})

test('modules have one name', () => {
  expect(kernel_module.params.parse({ name: 'dm-mod' }).name).toBe('dm_mod')
  expect(kernel_module.params.safeParse({ name: '-r' }).success).toBe(false)
})

test('a reboot is planned with its reasons', () => {
  const now = { bootId: 'a', reasons: ['kernel 6.1.0-29 is installed, 6.1.0-28 runs'], rebooted: false }
  expect(summaries(reboot.plan(now, reboot.params.parse({})))).toEqual([
    'reboot: kernel 6.1.0-29 is installed, 6.1.0-28 runs',
  ])
  expect(reboot.plan({ ...now, reasons: [] }, reboot.params.parse({}))).toEqual([])
  expect(summaries(reboot.plan({ ...now, reasons: [] }, reboot.params.parse({ when: 'always' })))).toEqual([
    'reboot',
  ])
})
