import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { command } from '../../../src/operations/command.ts'
import { daemon_reload } from '../../../src/operations/daemon_reload.ts'
import { dropin } from '../../../src/operations/dropin.ts'
import { group } from '../../../src/operations/group.ts'
import { kernel_module } from '../../../src/operations/kernel_module.ts'
import { mount } from '../../../src/operations/mount.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { packageOperation } from '../../../src/operations/package.ts'
import { digestOf } from '../../../src/operations/path_state.ts'
import type { PathState } from '../../../src/operations/path_state.ts'
import { reboot } from '../../../src/operations/reboot.ts'
import { restart } from '../../../src/operations/restart.ts'
import { service } from '../../../src/operations/service.ts'
import { sysctl } from '../../../src/operations/sysctl.ts'
import { user } from '../../../src/operations/user.ts'
import type { UserState } from '../../../src/operations/user_state.ts'
import { wait_for } from '../../../src/operations/wait_for.ts'
import { Secret } from '../../../src/secret.ts'

/** What `after` gives leaves nothing to plan: check mode could otherwise not build on it. */
function leavesNothing<Schema extends z.ZodType, S>(
  operation: Operation<Schema, S>,
  states: fc.Arbitrary<S>,
  wants: fc.Arbitrary<z.input<Schema>>,
): void {
  fc.assert(
    fc.property(states, wants, (now, input) => {
      const parsed = operation.params.safeParse(input)
      fc.pre(parsed.success)
      const want = parsed.data as z.output<Schema>
      expect(operation.plan(operation.after(now, want), want)).toEqual([])
    }),
    { numRuns: 500 },
  )
}

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined })
const account = fc.record({ name: fc.constantFrom('root', 'mail'), id: fc.constantFrom(0, 8) })

const text = (content: fc.Arbitrary<string>): fc.Arbitrary<PathState> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('absent' as const),
      parent: fc.constantFrom('present' as const, 'missing' as const),
      owner: account,
      group: account,
    }),
    fc
      .tuple(content, account, account, fc.constantFrom('0644', '0600'))
      .map(([held, owner, group, mode]) => ({
        kind: 'file' as const,
        mode,
        owner,
        group,
        size: Buffer.byteLength(held),
        sha256: digestOf(Buffer.from(held)),
        content: Buffer.from(held),
      })),
  )

const unit = fc.record({
  load: fc.constantFrom('loaded', 'not-found', 'masked', 'bad-setting'),
  active: fc.constantFrom('active', 'inactive', 'failed', 'activating', 'reloading', 'deactivating'),
  enabled: fc.constantFrom(
    'enabled',
    'disabled',
    'static',
    'masked',
    'masked-runtime',
    'alias',
    'indirect',
    '',
  ),
  needsReload: fc.boolean(),
  arrives: fc.boolean(),
})

describe('what an operation leaves needs nothing more', () => {
  test('package', () => {
    const version = fc.constantFrom('1.0-1', '1:1.2-3', '2.0', '1.2.10-1+deb12u1')
    const name = fc.constantFrom('a', 'b', 'c')
    leavesNothing(
      packageOperation,
      fc.record({
        packages: fc.dictionary(
          name,
          fc.record({ installed: fc.array(version, { maxLength: 2 }), candidate: fc.option(version) }),
        ),
        dependants: fc.array(name),
      }),
      fc.record({
        names: fc.array(
          fc
            .tuple(name, fc.constantFrom('', '=1*', '=1.2*', '=2.0', '=?.0-1'))
            .map(([one, pattern]) => one + pattern),
          { minLength: 1, maxLength: 3 },
        ),
        state: fc.constantFrom('present', 'absent', 'latest'),
      }),
    )
  })

  test('service', () => {
    leavesNothing(
      service,
      unit,
      fc.record({
        name: fc.constant('pacemaker'),
        state: optional(fc.constantFrom('started' as const, 'stopped' as const)),
        enabled: optional(fc.boolean()),
        masked: optional(fc.boolean()),
      }),
    )
  })

  test('restart', () => {
    leavesNothing(
      restart,
      fc
        .tuple(unit, fc.string(), fc.boolean())
        .map(([state, started, done]) => ({ ...state, started, done })),
      fc.record({ name: fc.constant('cron'), start_if_stopped: fc.boolean(), reload: fc.boolean() }),
    )
  })

  test('daemon_reload', () => {
    leavesNothing(daemon_reload, fc.record({ stale: fc.array(fc.string()) }), fc.constant({}))
  })

  test('dropin', () => {
    leavesNothing(
      dropin,
      fc.record({ file: text(fc.constantFrom('', '[Service]\nNice=5\n')), needsReload: fc.boolean() }),
      fc.oneof(
        fc.constant({ unit: 'cron', state: 'absent' as const }),
        fc.record({
          unit: fc.constant('cron'),
          sections: fc.constant({ Service: { Nice: 5, Environment: ['', 'A=1'] as string[] } }),
        }),
      ),
    )
  })

  test('group', () => {
    leavesNothing(
      group,
      fc.option(fc.record({ gid: fc.nat(9) })),
      fc.record({
        name: fc.constant('dba'),
        state: fc.constantFrom('present' as const, 'absent' as const),
        gid: optional(fc.nat(9)),
      }),
    )
  })

  test('user', () => {
    const groups = fc.uniqueArray(fc.constantFrom('adm', 'dba', 'wheel')).map((names) => names.toSorted())
    const state: fc.Arbitrary<UserState> = fc.record({
      account: fc.option(
        fc.record({
          uid: fc.nat(9),
          group: fc.record({ name: fc.constantFrom('ada', 'users'), id: fc.constantFrom('8', '9') }),
          groups,
          comment: fc.constantFrom('', 'Ada'),
          home: fc.constantFrom('/home/ada', '/'),
          shell: fc.constantFrom('/bin/sh', '/bin/bash'),
        }),
      ),
      password: fc.constantFrom('same' as const, 'different' as const, 'none' as const),
      arrives: fc.boolean(),
    })
    leavesNothing(
      user,
      state,
      fc.record({
        name: fc.constant('ada'),
        state: fc.constantFrom('present' as const, 'absent' as const),
        create: fc.boolean(),
        uid: optional(fc.nat(9)),
        group: optional(fc.constantFrom('ada', 'users', '9')),
        groups: optional(groups),
        append: fc.boolean(),
        comment: optional(fc.constantFrom('', 'Ada', 'Lovelace')),
        home: optional(fc.constantFrom('/home/ada', '/srv')),
        shell: optional(fc.constantFrom('/bin/sh', '/bin/false')),
        password: optional(fc.constant(new Secret('not shown'))),
      }),
    )
  })

  test('kernel_module', () => {
    leavesNothing(
      kernel_module,
      fc.record({
        module: fc.constantFrom('loaded' as const, 'builtin' as const, 'absent' as const),
        boot: text(fc.constantFrom('softdog\n', 'other\n')),
        options: text(fc.constantFrom('', 'options softdog soft_margin=30\n')),
      }),
      fc.record({
        name: fc.constant('softdog'),
        // One that is built in can't be unloaded; that is refused when it is tried.
        state: fc.constant('present' as const),
        boot: optional(fc.boolean()),
        options: optional(fc.constant({ soft_margin: 30 })),
      }),
    )
  })

  test('sysctl', () => {
    const value = fc.constantFrom('0', '1', '4096 131072 6291456')
    leavesNothing(
      sysctl,
      fc.record({
        live: fc.dictionary(fc.constantFrom('net.a', 'net.b'), fc.option(value)),
        file: text(
          fc.constantFrom('', 'net.a=1\n', '# a\nnet.a = 0\nnet/a = 1\n', 'net.b = 4096\t131072 6291456'),
        ),
      }),
      fc.record({ values: fc.dictionary(fc.constantFrom('net.a', 'net.b', 'net/c'), fc.option(value)) }),
    )
  })

  test('mount', () => {
    const options = fc.uniqueArray(fc.constantFrom('defaults', 'ro', 'rw', 'noatime', 'nodev', 'bind'), {
      minLength: 1,
    })
    const device = fc.constantFrom('/dev/vdb', '/dev/drbd0')
    leavesNothing(
      mount,
      fc.record({
        mounted: fc.option(fc.record({ source: device, type: fc.constant('ext4'), options })),
        device: fc.option(device),
        occupied: fc.boolean(),
        fstab: text(fc.constantFrom('', '/dev/vdb /srv ext4 ro 0 0\n', 'UUID=1 /srv/ xfs defaults\n')),
      }) as fc.Arbitrary<Awaited<ReturnType<typeof mount.read>>>,
      fc.record({
        mountpoint: fc.constant('/srv'),
        spec: fc.constantFrom('/dev/vdb', 'UUID=1'),
        type: fc.constant('ext4'),
        options: options.filter((all) => !(all.includes('ro') && all.includes('rw'))),
        state: fc.constantFrom('mounted' as const, 'unmounted' as const),
        boot: optional(fc.boolean()),
      }),
    )
  })

  test('command', () => {
    leavesNothing(
      command,
      fc.record({ met: fc.option(fc.string({ minLength: 1 })) }),
      fc.constant({ run: ['true'], creates: '/x' }),
    )
  })

  test('reboot', () => {
    leavesNothing(
      reboot,
      fc.record({ bootId: fc.string(), reasons: fc.array(fc.string()), rebooted: fc.boolean() }),
      fc.record({ when: fc.constantFrom('needed' as const, 'always' as const) }),
    )
  })

  test('wait_for', () => {
    leavesNothing(wait_for, fc.record({ met: fc.boolean(), seen: fc.string() }), fc.constant({ port: 22 }))
  })
})
