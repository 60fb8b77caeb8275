import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type * as z from 'zod'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { operations } from '../../src/operations/all.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { packageOperation } from '../../src/operations/package.ts'
import { Secret } from '../../src/secret.ts'
import { labNode } from '../support/lab_node.ts'
import type { LabNode } from '../support/lab_node.ts'

let lab: Lab
let node: LabNode

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
  node = await labNode(lab, 'server1')
})

afterAll(async () => {
  await node?.close()
  await lab?.down()
})

/** What every operation promises: a check changes nothing, a run does what the check said, a second one nothing. */
async function converges<Schema extends z.ZodType, S>(
  operation: Operation<Schema, S>,
  want: z.input<Schema>,
): Promise<string[]> {
  const before = await state()
  const planned = await node.check(operation, want)
  const after = await state()
  expect({ gone: before.difference(after), come: after.difference(before) }).toEqual(SAME)
  const made = await node.perform(operation, want)
  const summaries = made.changes.map((change) => change.summary)
  expect(summaries).toEqual(planned.changes.map((change) => change.summary))
  expect((await node.perform(operation, want)).changes).toEqual([])
  return summaries
}

const SAME = { gone: new Set(), come: new Set() }

/**
 * Of all that an operation could change, a line each: files, packages, units, mounts, kernel parameters. Units that are
 * not active come and go as systemd collects them, and it learns of mounts up to a second later than the kernel.
 */
const state = async (): Promise<Set<string>> => {
  const lines = await node.sh(`
    find /etc /root /run/bringup -xdev -type f -exec sha256sum {} + 2>/dev/null
    find /usr/sbin /var/lib/dpkg /var/lib/apt -xdev -type f -exec stat -c "%n %s %Y" {} + 2>/dev/null
    systemctl list-units --all --plain --no-legend --no-pager |
      awk '$3 != "inactive" && $1 !~ /[.]mount$/ { print $1, $2, $3 }' | grep -v -e session -e user
    cat /proc/self/mountinfo
    sysctl -n net.ipv4.ip_forward 2>/dev/null || cat /proc/sys/net/ipv4/ip_forward`)
  return new Set(lines.split('\n'))
}

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('package', () => {
  test('is installed through the controller, is met, and is removed', async () => {
    expect(await converges(packageOperation, { names: 'tree' })).toEqual(['install tree'])
    expect(await node.sh('dpkg-query -W -f="\\${Status}" tree')).toBe('install ok installed')
    expect(await converges(packageOperation, { names: ['tree'], state: 'latest' })).toEqual([])
    const [removed] = await converges(packageOperation, { names: ['tree'], state: 'absent' })
    expect(removed).toMatch(/^remove tree \d/)
  })

  test('comes from files, of the very version that they hold, with what they need', async () => {
    await node.sh(`cd /srv && for version in 1.0-1 1.0-2; do
      mkdir -p "$version/DEBIAN"
      printf 'Package: probe\\nVersion: %s\\nArchitecture: all\\nMaintainer: nobody\\nDepends: tree\\nDescription: probe\\n' "$version" >"$version/DEBIAN/control"
      dpkg-deb --build "$version" "probe-$version.deb" >/dev/null
    done`)
    const files = (version: string) => ({ files: [`/srv/probe-${version}.deb`] })
    expect(await converges(packageOperation, files('1.0-2'))).toEqual(['install probe 1.0-2'])
    expect(await node.sh('dpkg-query -W -f="\\${Status}" tree')).toBe('install ok installed')
    expect(await converges(packageOperation, files('1.0-1'))).toEqual(['change probe 1.0-2 → 1.0-1'])
    expect(await failure(node.perform(packageOperation, { files: ['/etc/passwd'] }))).toMatchObject({
      code: 'PACKAGE_UNAVAILABLE',
      message: 'there is no package in /etc/passwd',
      details: { seen: expect.stringContaining('not a Debian format archive') as string },
    })
    await converges(packageOperation, { names: ['probe', 'tree'], state: 'absent' })
    await node.sh('rm -r /srv/1.0-* /srv/probe-*')
  })

  test('says the version that would be installed, once lists are known', async () => {
    const planned = await node.check(packageOperation, { names: ['cron', 'anacron=2*'] })
    expect(planned.changes.map((change) => change.summary)).toEqual([
      expect.stringMatching(/^install cron \d/),
      expect.stringMatching(/^install anacron 2\./),
    ])
  })

  test('starts no service where that is asked for, and leaves no policy behind', async () => {
    await node.sh('printf "#!/bin/sh\\nexit 0\\n" >/usr/sbin/policy-rc.d; chmod 0755 /usr/sbin/policy-rc.d')
    await converges(packageOperation, { names: 'cron', start_services: false })
    expect(await node.sh('systemctl is-active cron || true')).toBe('inactive')
    expect(await node.sh('ls /usr/sbin/policy-rc.d*; cat /usr/sbin/policy-rc.d')).toBe(
      '/usr/sbin/policy-rc.d\n#!/bin/sh\nexit 0',
    )
    await node.sh('rm /usr/sbin/policy-rc.d')
  })

  test('leaves no policy behind when the installation fails', async () => {
    const error = await failure(node.perform(packageOperation, { names: 'no-such', start_services: false }))
    expect(error).toMatchObject({ code: 'PACKAGE_UNAVAILABLE' })
    expect(await node.sh('ls /usr/sbin/policy-rc.d* 2>&1 || true')).toContain('No such file')
  })

  test('says what would have to go with a removal', async () => {
    const planned = await node.check(packageOperation, { names: 'iproute2', state: 'absent' })
    expect(planned.changes.map((change) => change.summary)).toEqual([
      expect.stringMatching(/^remove iproute2 /),
      expect.stringMatching(/^remove with it, since they need it: (.*, )?ifupdown\b/),
    ])
  })

  test('waits for another process that holds the lock, and says which one it is', async () => {
    const hold = `perl -e 'use Fcntl; open my $f, ">", "/var/lib/dpkg/lock-frontend" or die;
      my $l = pack "s s l! l! i", F_WRLCK, 0, 0, 0, 0; fcntl($f, F_SETLK, $l) or die; $| = 1; print "held\\n"; sleep 600'`
    await node.sh(`(${hold}) >/tmp/held 2>&1 & until grep -q held /tmp/held; do sleep 0.1; done`)
    try {
      const error = await failure(node.perform(packageOperation, { names: 'tree', lock_timeout: 1 }))
      expect(error).toMatchObject({
        code: 'PACKAGES_LOCKED',
        details: { seen: expect.stringMatching(/^perl -e .*, process \d+$/s) },
      })
    } finally {
      await node.sh('kill $(pidof perl)')
    }
  })

  test('goes on after an installation that was cut off', async () => {
    await node.perform(packageOperation, { names: 'cron' })
    // As dpkg leaves a package that it has unpacked, and not configured, when power is cut.
    await node.sh(`sed -i '/^Package: cron$/,/^$/s/^Status: .*/Status: install ok unpacked/' /var/lib/dpkg/status
      printf '' >/var/lib/dpkg/updates/0001`)
    const made = await node.perform(packageOperation, { names: 'cron' })
    expect(made.changes.map((change) => change.summary)).toEqual([
      'complete an installation that was cut off',
      expect.stringMatching(/^install cron/),
    ])
  })

  test('completes an installation that was cut off when all of its packages were there', async () => {
    await node.sh(`printf '' >/var/lib/dpkg/updates/0001`)
    expect(await converges(packageOperation, { names: 'cron' })).toEqual([
      'complete an installation that was cut off',
    ])
    expect(await node.sh('ls /var/lib/dpkg/updates')).toBe('')
  })
})

describe('service', () => {
  test('is started and enabled, stopped and disabled', async () => {
    await node.sh('systemctl disable --now -q cron')
    const { service } = operations
    expect(await converges(service, { name: 'cron', state: 'started', enabled: true })).toEqual([
      'enable',
      'start',
    ])
    expect(await node.sh('systemctl is-active cron; systemctl is-enabled cron')).toBe('active\nenabled')
    expect(await converges(service, { name: 'cron', state: 'stopped', enabled: false })).toEqual([
      'disable',
      'stop',
    ])
    expect(await converges(service, { name: 'cron', masked: true })).toEqual(['mask'])
    expect(await converges(service, { name: 'cron', masked: false, state: 'started' })).toEqual([
      'unmask',
      'start',
    ])
  })

  test('that fails to start shows the last lines of its journal', async () => {
    await node.sh(`printf '[Service]\\nType=oneshot\\nExecStart=/bin/sh -c "echo no disk here >&2; exit 3"\\n' \\
      >/etc/systemd/system/broken.service; systemctl daemon-reload`)
    expect(
      await failure(node.perform(operations.service, { name: 'broken', state: 'started' })),
    ).toMatchObject({
      code: 'SERVICE_FAILED',
      details: { seen: expect.stringContaining('no disk here') },
    })
  })

  test('of a package that is only planned', async () => {
    const check = node.checkRun()
    await check(packageOperation, { names: 'apache2' })
    const planned = await check(operations.service, { name: 'apache2', state: 'started', enabled: true })
    expect(planned.changes.map((change) => change.summary)).toEqual([
      'enable (package planned)',
      'start (package planned)',
    ])
    expect(
      await failure(node.perform(operations.service, { name: 'apache2', state: 'started' })),
    ).toMatchObject({
      code: 'SERVICE_FAILED',
    })
  })

  test('is restarted once per call, and only if it runs', async () => {
    const main = () => node.sh('systemctl show -p MainPID --value cron')
    const before = await main()
    expect((await node.perform(operations.restart, { name: 'cron' })).changes).toEqual([
      { summary: 'restart' },
    ])
    expect(await main()).not.toBe(before)
    await node.sh('systemctl stop cron')
    expect((await node.perform(operations.restart, { name: 'cron' })).changes).toEqual([])
    expect(await node.sh('systemctl is-active cron || true')).toBe('inactive')
  })

  test('reads its changed files again', async () => {
    await node.sh('systemctl start cron; printf "\\n" >>/lib/systemd/system/cron.service')
    expect((await node.perform(operations.daemon_reload, {})).changes).toEqual([
      { summary: 'read again: cron.service' },
    ])
    expect((await node.perform(operations.daemon_reload, {})).changes).toEqual([])
  })

  test('gets a drop-in', async () => {
    const sections = { Service: { Environment: ['A=1', 'B=2'], Nice: 5 } }
    await converges(operations.dropin, { unit: 'cron', name: '50-nice', sections })
    expect(await node.sh('systemctl show -p Nice -p Environment cron')).toBe('Environment=A=1 B=2\nNice=5')
    await converges(operations.dropin, { unit: 'cron', name: '50-nice', state: 'absent' })
    expect(await node.sh('systemctl show -p Nice cron')).toBe('Nice=0')
  })
})

describe('group and user', () => {
  test('are made, changed and removed', async () => {
    expect(await converges(operations.group, { name: 'dba', gid: 4200 })).toEqual(['create (gid 4200)'])
    expect(await converges(operations.group, { name: 'dba', gid: 4300 })).toEqual([
      'gid 4200 → 4300 (files keep the old number)',
    ])
    await converges(operations.user, {
      name: 'ada',
      uid: 4200,
      groups: ['dba'],
      comment: 'Ada',
      shell: '/bin/sh',
    })
    expect(await node.sh('id ada; getent passwd ada')).toBe(
      'uid=4200(ada) gid=4200(ada) groups=4200(ada),4300(dba)\nada:x:4200:4200:Ada:/home/ada:/bin/sh',
    )
    expect(await converges(operations.user, { name: 'ada', groups: ['adm'], append: false })).toEqual([
      'join adm',
      'leave dba',
    ])
    await converges(operations.user, { name: 'ada', state: 'absent' })
    await converges(operations.group, { name: 'dba', state: 'absent' })
  })

  test('a user that a package brings is not made by us', async () => {
    const want = { name: 'hacluster', create: false, password: new Secret('not yet 1') }
    const check = node.checkRun()
    await check(packageOperation, { names: 'pacemaker' })
    const planned = await check(operations.user, want)
    expect(planned.changes.map((change) => change.summary)).toEqual(['set the password (package planned)'])
    expect(await failure(node.perform(operations.user, want))).toMatchObject({ code: 'REFUSED' })
  })

  test('a password is set where it differs, and never stands in an argument list', async () => {
    const password = new Secret('pa ss: "wörd" $1')
    // In the place of the programs that are given it, one that first notes how every process was called.
    await node.sh(`for name in chpasswd perl; do
  printf '#!/bin/sh\\ncat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\\\0" "\\\\n" >>/tmp/seen\\nexec %s "$@"\\n' \\
    "$(command -v $name)" >/usr/local/sbin/$name
  chmod 0755 /usr/local/sbin/$name
done`)
    try {
      await node.perform(operations.user, { name: 'bob', password })
      expect((await node.perform(operations.user, { name: 'bob', password })).changes).toEqual([])
      const other = await node.perform(operations.user, { name: 'bob', password: new Secret('another') })
      expect(other.changes).toEqual([{ summary: 'set the password' }])
    } finally {
      await node.sh('rm /usr/local/sbin/chpasswd /usr/local/sbin/perl')
    }
    const seen = await node.sh('cat /tmp/seen')
    expect(seen).toContain('/usr/local/sbin/chpasswd')
    expect(seen).toContain('/usr/local/sbin/perl')
    expect(seen).not.toContain('pa ss')
    expect(seen).not.toContain('another')
    expect(JSON.stringify(node.commands)).not.toContain('pa ss')
  })

  test.each([
    ['yescrypt', 'YESCRYPT'],
    ['sha256', 'SHA256'],
    ['md5', 'MD5'],
  ])('a password that is hashed with %s is recognised', async (_, method) => {
    await node.sh(`echo 'bob:correct horse' | chpasswd -c ${method}`)
    const met = await node.perform(operations.user, { name: 'bob', password: new Secret('correct horse') })
    expect(met.changes).toEqual([])
  })

  test('a host that cannot compare passwords by itself gets one that the controller can compare', async () => {
    await node.sh(`echo 'bob:correct horse' | chpasswd -c YESCRYPT
      mv /usr/bin/perl /usr/bin/perl.away; command -v python3 && exit 1; true`)
    try {
      const want = { name: 'bob', password: new Secret('correct horse') }
      expect((await node.perform(operations.user, want)).changes).toEqual([{ summary: 'set the password' }])
      expect((await node.perform(operations.user, want)).changes).toEqual([])
      expect(await node.sh('getent shadow bob')).toMatch(/^bob:\$6\$/)
    } finally {
      await node.sh('mv /usr/bin/perl.away /usr/bin/perl')
    }
  })
})

describe('kernel', () => {
  test('parameters are set now and at boot', async () => {
    await node.sh('echo 0 >/proc/sys/net/ipv4/ip_forward')
    const values = { 'net.ipv4.ip_forward': 1, 'net.ipv4.ip_local_port_range': '20000  60000' }
    await converges(operations.sysctl, { values })
    expect(await node.sh('cat /etc/sysctl.d/90-bringup.conf /proc/sys/net/ipv4/ip_forward')).toBe(
      'net.ipv4.ip_forward = 1\nnet.ipv4.ip_local_port_range = 20000 60000\n1',
    )
    await converges(operations.sysctl, { values: { 'net/ipv4/ip_local_port_range': null } })
    expect(await node.sh('cat /etc/sysctl.d/90-bringup.conf')).toBe('net.ipv4.ip_forward = 1')
    expect(await failure(node.perform(operations.sysctl, { values: { 'net.no.such': 1 } }))).toMatchObject({
      code: 'COMMAND_FAILED',
      message: 'the kernel parameter net.no.such was not set to 1',
    })
  })

  test("modules are the machine's below, which the error says", async () => {
    const want = { name: 'no-such-module', options: { soft_margin: 30 } }
    expect((await node.check(operations.kernel_module, want)).changes.map(({ summary }) => summary)).toEqual([
      expect.stringMatching(/^options: create/),
      'load',
      expect.stringMatching(/^at boot: create/),
    ])
    expect(await failure(node.perform(operations.kernel_module, want))).toMatchObject({
      code: 'REFUSED',
      message: 'the kernel module no_such_module cannot be loaded from here',
    })
  })

  test('what is built into the kernel counts as loaded', async () => {
    await node.sh(`mkdir -p "/lib/modules/$(uname -r)"
      echo kernel/drivers/char/made-up.ko >"/lib/modules/$(uname -r)/modules.builtin"`)
    expect((await node.check(operations.kernel_module, { name: 'made_up', boot: false })).changes).toEqual([])
    expect(
      await failure(node.perform(operations.kernel_module, { name: 'made-up', state: 'absent' })),
    ).toMatchObject({
      code: 'REFUSED',
      message: 'the module made_up is part of the kernel and cannot be unloaded',
    })
  })
})

describe('mount', () => {
  test('is mounted now and at boot, remounted, unmounted', async () => {
    const want = { mountpoint: '/srv/a b', spec: 'tmpfs', type: 'tmpfs', options: ['size=1m', 'nodev'] }
    expect(await converges(operations.mount, want)).toEqual([
      'mount tmpfs',
      expect.stringMatching(/^at boot/),
    ])
    expect(await node.sh('grep srv /etc/fstab')).toBe('tmpfs /srv/a\\040b tmpfs size=1m,nodev 0 0')
    const stricter = { ...want, options: ['size=1m', 'nodev', 'ro'] }
    expect((await converges(operations.mount, stricter))[0]).toBe('remount with ro')
    expect((await converges(operations.mount, want))[0]).toBe('remount with rw')
    expect(await converges(operations.mount, { mountpoint: '/srv/a b', state: 'unmounted' })).toEqual([
      'unmount tmpfs',
      expect.stringMatching(/^at boot/),
    ])
  })

  test('never takes the place of what is there, and hides no files unasked', async () => {
    await node.sh('mkdir -p /srv/c /srv/d; touch /srv/d/file; mount -t tmpfs other /srv/c')
    const want = (mountpoint: string) => ({ mountpoint, spec: 'tmpfs', type: 'tmpfs' })
    expect(await failure(node.perform(operations.mount, want('/srv/c')))).toMatchObject({
      code: 'REFUSED',
      details: { seen: 'other (tmpfs)' },
    })
    expect(await failure(node.perform(operations.mount, want('/srv/d')))).toMatchObject({ code: 'REFUSED' })
    expect(await node.sh('grep srv /etc/fstab || true')).toBe('')
    await node.sh('umount /srv/c')
  })

  test('that is in use says by whom', async () => {
    await node.sh(`mkdir -p /srv/busy; mount -t tmpfs tmpfs /srv/busy; mkdir /srv/busy/below
      mount -t tmpfs tmpfs /srv/busy/below; cd /srv/busy; sleep 1234 >/dev/null 2>&1 &
      until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.05; done`)
    const error = await failure(
      node.perform(operations.mount, { mountpoint: '/srv/busy', state: 'unmounted' }),
    )
    expect(error).toMatchObject({
      code: 'BUSY',
      details: {
        seen: expect.stringMatching(/mounted below it: \/srv\/busy\/below\nsleep 1234 , process \d+/),
      },
    })
    await node.sh('kill $(pidof sleep)')
  })
})

describe('command', () => {
  test('runs where its guard says that it is needed', async () => {
    const want = { run: ['touch', '/root/a file'], creates: '/root/a file' }
    expect(await converges(operations.command, want)).toEqual(['run'])
    expect(
      await converges(operations.command, { run: 'rm "/root/a file"', removes: '/root/a file' }),
    ).toEqual(['run'])
    expect(
      await converges(operations.command, {
        run: 'cat >/root/input; echo "$GREETING" >>/root/input',
        unless: ['grep', '-q', 'hello', '/root/input'],
        input: 'there\n',
        env: { GREETING: 'hello' },
      }),
    ).toEqual(['run'])
    expect(await node.sh('cat /root/input')).toBe('there\nhello')
  })

  test('that ends well and has not done its work has failed', async () => {
    const want = { run: 'true', only_if: '[ -e /root ]' }
    expect(await failure(node.perform(operations.command, want))).toMatchObject({ code: 'NOT_MET' })
  })
})

describe('waiting', () => {
  test('for a port, a path, a condition', async () => {
    await node.sh('rm -f /tmp/soon')
    // It comes right after the first look.
    const { run } = node.remote
    node.remote.run = async (...look) => {
      node.remote.run = run
      const seen = await run(...look)
      await node.sh('touch /tmp/soon')
      return seen
    }
    expect((await node.perform(operations.wait_for, { path: '/tmp/soon', interval: 0.1 })).changed).toBe(true)
    expect((await node.perform(operations.wait_for, { port: 22 })).changed).toBe(false)
    const condition = async ({
      $,
    }: Parameters<NonNullable<Parameters<typeof operations.wait_for.plan>[1]['condition']>>[0]) =>
      (await $.read`cat /tmp/soon`).stdout === '' || 'not empty'
    expect((await node.perform(operations.wait_for, { condition })).changed).toBe(false)
  })

  test('in vain says what was seen last', async () => {
    const want = { port: 4711, timeout: 0.5, interval: 0.1 }
    expect(await failure(node.perform(operations.wait_for, want))).toMatchObject({
      code: 'TIMEOUT',
      details: { expected: 'port 4711 of 127.0.0.1', seen: 'Connection refused' },
    })
  })
})

test('a reboot is waited for, and happens only where it is needed', async () => {
  const { reboot } = operations
  const before = await node.sh('cat /proc/sys/kernel/random/boot_id')
  expect((await node.perform(reboot, {})).changes).toEqual([])
  await node.sh('echo linux-image >/run/reboot-required.pkgs; touch /run/reboot-required')
  expect((await node.perform(reboot, {})).changes[0]?.summary).toMatch(/^reboot: asked for by linux-image/)
  expect(await node.sh('cat /proc/sys/kernel/random/boot_id')).not.toBe(before)
  expect(await node.sh('systemctl is-system-running || true')).not.toBe('starting')
  expect((await node.perform(reboot, {})).changes).toEqual([])
})
