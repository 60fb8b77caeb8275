import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { bringupRun } from '../support/bringup.ts'
import { agentPath, openvzNode } from '../support/openvz_node.ts'
import type { OpenvzNode } from '../support/openvz_node.ts'
import { REBOOT_NOW } from '../support/reboot_now.ts'
import { until } from '../support/until.ts'

// Against the stand-in for OpenVZ 7: its containers are real ones of systemd-nspawn.
let node: OpenvzNode
beforeAll(async () => void (node = await openvzNode()))
afterAll(() => node?.lab.down())

const installed = (...args: readonly string[]) =>
  bringupRun(['test/containers/openvz_agent.yml', '-i', node.lab.inventory, ...args])

beforeAll(async () => {
  const { exitCode, output } = await installed()
  expect(exitCode, output).toBe(0)
})
beforeEach(() => node.fresh())

const units = (): Promise<string> => node.sh('systemctl is-active vz prl-disp; :')

describe('the role', () => {
  test('leaves the services to Pacemaker, at boot and at shutdown, and changes nothing a second time', async () => {
    expect(await node.sh('systemctl is-enabled vz prl-disp; :')).toBe('disabled\ndisabled')
    expect(await node.sh('systemctl show -p After resource-agents-deps.target')).toMatch(
      /prl-disp\.service.*vz\.service|vz\.service.*prl-disp\.service/,
    )
    expect((await installed()).changed).toEqual([])
  })

  test('tells what is missing where the agents cannot run', async () => {
    await node.sh('mv /usr/lib/ocf/lib/heartbeat/ocf-shellfuncs /root')
    try {
      const { exitCode, output } = await installed()
      expect([exitCode, output]).toEqual([2, expect.stringContaining('Play cluster_packages before')])
    } finally {
      await node.sh('mv /root/ocf-shellfuncs /usr/lib/ocf/lib/heartbeat/')
    }
  })

  test('leaves them to the boot where the cluster is to run single containers', async () => {
    const { exitCode, output } = await installed('-e', 'openvz_started_by=boot')
    expect(exitCode, output).toBe(0)
    expect(await node.sh('systemctl is-enabled vz prl-disp; :')).toBe('enabled\nenabled')
    expect(await node.sh('systemctl show -p After resource-agents-deps.target')).not.toContain('vz.service')
    expect((await installed()).exitCode).toBe(0)
  })
})

// That of Debian, and that of EL 7.
test.for(['dash', 'bash'])('ocf-tester finds nothing, with %s as sh', async (shell) => {
  expect(await node.ocfTester('openvz', shell, { directory: '/vz' })).toContain('passed all tests')
})

describe('the traps that the agent is for', () => {
  test('vz, started before prl-disp as its dependency, starts no container', async () => {
    await node.sh('systemctl start prl-disp')
    await node.create('test1')
    await node.sh('systemctl stop vz prl-disp && systemctl start prl-disp')
    expect([await units(), await node.running()]).toEqual(['active\nactive', ''])
    await node.sh('systemctl restart vz')
    expect(await node.running()).toBe('test1 running')
  })

  test('prl-disp, started before the mount, sees no container after it', async () => {
    await node.sh('systemctl start prl-disp')
    await node.create('test1')
    await node.sh(`
      systemctl stop vz prl-disp && mount --bind /vz /mnt && umount /vz && systemctl start prl-disp &&
        mount --bind /mnt /vz && umount /mnt && systemctl restart vz`)
    expect([await units(), await node.running()]).toEqual(['active\nactive', ''])
    // The agent trusts neither of them where it did not start both.
    await node.sh('systemctl stop vz')
    expect(await node.act('start')).toEqual({ code: 0, reason: '' })
    expect(await node.running()).toBe('test1 running')
  })
})

test('a container that is set to start runs after start and not after stop, with its data', async () => {
  expect(await node.act('monitor')).toEqual({ code: 7, reason: '' })
  expect(await node.act('start')).toEqual({ code: 0, reason: '' })
  await node.create('test1')
  await node.sh(`prlctl start test1 && prlctl exec test1 'echo testtest >/test.txt'`)
  for (const _ of ['once', 'and again']) {
    expect(await node.act('stop')).toEqual({ code: 0, reason: '' })
    expect([await node.running(), await node.sh('pgrep -c systemd-nspawn; :')]).toEqual(['', '0'])
    expect(await node.act('monitor')).toEqual({ code: 7, reason: '' })
  }
  // As the next of the group, the file system.
  await node.sh('mount --bind /vz /mnt && umount /vz && mount --bind /mnt /vz && umount /mnt')
  for (const _ of ['once', 'and again']) {
    expect(await node.act('start')).toEqual({ code: 0, reason: '' })
    expect(await node.act('monitor')).toEqual({ code: 0, reason: '' })
    expect(await node.sh('prlctl exec test1 cat /test.txt')).toBe('testtest')
  }
})

describe('monitor calls broken, and says what', () => {
  test.for([
    ['one unit of two', 'systemctl start vz', 'vz is active, prl-disp is inactive'],
    [
      'services without their mount',
      'systemctl start prl-disp && umount /vz',
      'vz is active, prl-disp is active, but nothing is mounted at /vz',
    ],
    [
      'a unit that failed',
      'mkdir /run/systemd/system/vz.service.d && cd /run/systemd/system/vz.service.d && printf "[Service]\\nExecStartPost=/bin/false\\n" >fail.conf && systemctl daemon-reload; systemctl start vz; rm -r "$PWD" && systemctl daemon-reload',
      'vz is failed, prl-disp is inactive',
    ],
  ] as const)('%s', async ([, script, reason]) => {
    await node.sh(script)
    expect(await node.act('monitor')).toEqual({ code: 1, reason })
    expect(await node.act('stop')).toEqual({ code: 0, reason: '' })
    expect(await node.act('monitor')).toEqual({ code: 7, reason: '' })
  })

  test('a container that runs although the services are stopped', async () => {
    await node.act('start')
    const id = await node.create('test1')
    await node.sh('systemctl stop vz prl-disp && vzctl start test1')
    expect(await node.act('monitor')).toEqual({
      code: 1,
      reason: `vz is inactive, prl-disp is inactive, but containers run: ${id}`,
    })
    expect(await node.act('stop')).toEqual({ code: 0, reason: '' })
    expect(await node.running()).toBe('')
    // It was asked to end, as nobody had done so yet.
    expect(await node.sh(`journalctl --sync; journalctl --unit openvz-ct@${id} --output cat`)).not.toContain(
      'KILL',
    )
  })

  // A stub: the stand-in's own does not fail.
  test('a vzlist that fails, which is not the same as no container', async () => {
    await node.sh(
      'mkdir -p /root/stub && printf "#!/bin/sh\\nexit 1\\n" >/root/stub/vzlist && chmod 755 /root/stub/vzlist',
    )
    const reason =
      'vz is inactive, prl-disp is inactive, but vzlist fails, so whether containers run is not known'
    expect(await node.act('monitor', { path: '/root/stub' })).toEqual({ code: 1, reason })
    expect(await node.act('stop', { path: '/root/stub', timeout: 8 })).toEqual({
      code: 1,
      reason: 'not stopped: vzlist fails, so whether containers run is not known',
    })
  })
})

test('a prl-disp that died is left to systemd, which starts it again', async () => {
  await node.act('start')
  await node.create('test1')
  await node.sh('prlctl start test1 && systemctl kill -s KILL prl-disp')
  expect(await node.act('monitor')).toEqual({ code: 0, reason: '' })
  expect(await node.running()).toBe('test1 running')
})

describe('stop', () => {
  test('kills a container that does not end by itself, while there is time', async () => {
    await node.act('start')
    const id = await node.create('test1')
    await node.sh(`touch /vz/private/${id}/fs/etc/stubborn && prlctl start test1`)
    expect(await node.act('stop', { timeout: 80 })).toEqual({ code: 0, reason: '' })
    expect(await node.sh(`journalctl --sync; journalctl --unit openvz-ct@${id} --output cat`)).toContain(
      'KILL',
    )
    expect([await node.running(), await node.sh('pgrep -c systemd-nspawn; :')]).toEqual(['', '0'])
    await node.sh('umount /vz && mount -t tmpfs vz /vz')
  })

  test('kills at once what vz left running as it ended', async () => {
    await node.fresh('STOP_TIMEOUT=0')
    await node.act('start')
    const id = await node.create('test1')
    await node.sh(`touch /vz/private/${id}/fs/etc/stubborn && prlctl start test1`)
    expect(await node.act('stop', { timeout: 1800 })).toEqual({ code: 0, reason: '' })
    expect(await node.running()).toBe('')
  })

  test('fails while a container cannot be killed, and names it', async () => {
    await node.fresh('STOP_TIMEOUT=0')
    await node.act('start')
    const id = await node.create('test1')
    await node.sh(
      `touch /vz/private/${id}/fs/etc/stubborn /vz/private/${id}/unkillable && prlctl start test1`,
    )
    const { code, reason } = await node.act('stop', { timeout: 8 })
    expect({ code, reason }).toEqual({
      code: 1,
      reason: expect.stringMatching(`^not stopped: .*container ${id} runs`),
    })
    expect(await node.running()).toBe('test1 running')
    expect((await node.act('monitor')).code).toBe(1)
    await node.sh(`rm /vz/private/${id}/unkillable`)
    expect(await node.act('stop')).toEqual({ code: 0, reason: '' })
  })

  test('unmounts what is mounted below, and fails while that is in use', async () => {
    await node.act('start')
    await node.sh(
      'mkdir -p /vz/free /vz/used && mount -t tmpfs free /vz/free && mount -t tmpfs used /vz/used',
    )
    await node.sh('systemd-run -q --unit=holder -p Type=exec -p WorkingDirectory=/vz/used sleep infinity')
    expect(await node.act('stop', { timeout: 8 })).toEqual({
      code: 1,
      reason: 'not stopped: /vz/used is mounted',
    })
    await node.sh('systemctl stop holder')
    expect(await node.act('stop')).toEqual({ code: 0, reason: '' })
    expect(await node.sh('grep -c " /vz/" /proc/self/mounts; :')).toBe('0')
  })
})

test('a stop does not succeed while a process of the services is left, and kills it in the end', async () => {
  const dropin = '/run/systemd/system/prl-disp.service.d'
  await node.sh(
    `mkdir -p ${dropin} && printf '[Service]\nKillMode=none\n' >${dropin}/left.conf && systemctl daemon-reload`,
  )
  try {
    await node.act('start')
    const { code, reason } = await node.act('stop', { timeout: 8 })
    expect(code).toBe(1)
    expect(reason).toMatch(/^not stopped: process \d+ \(sleep\) of vz or prl-disp runs$/)
    // That time ran out as it was killed.
    expect(await node.act('stop')).toEqual({ code: 0, reason: '' })
  } finally {
    await node.sh(`rm -r ${dropin} && systemctl daemon-reload`)
  }
})

describe('a node that has nothing of it', () => {
  test('a probe finds it stopped without the mount, without the tools and without the units', async () => {
    await node.sh('umount /vz')
    expect(await node.act('monitor')).toEqual({ code: 7, reason: '' })
    expect(await node.act('validate-all')).toEqual({ code: 0, reason: '' })
    await node.sh(
      'mkdir -p /root/away && mv /usr/sbin/vzctl /usr/sbin/vzlist /usr/bin/prlctl /etc/systemd/system/vz.service /etc/systemd/system/prl-disp.service /root/away && systemctl daemon-reload',
    )
    try {
      expect(await node.act('monitor')).toEqual({ code: 7, reason: '' })
      expect(await node.act('stop')).toEqual({ code: 0, reason: '' })
      const reason = 'vzctl is missing: OpenVZ 7 is not installed'
      expect(await node.act('validate-all')).toEqual({ code: 5, reason })
      expect(await node.act('start')).toEqual({ code: 5, reason })
    } finally {
      await node.sh(
        'cd /root/away && mv vzctl vzlist /usr/sbin/ && mv prlctl /usr/bin/ && mv *.service /etc/systemd/system/ && systemctl daemon-reload',
      )
    }
  })

  test('it starts nothing without the mount, or where /etc/vz leads to nothing', async () => {
    await node.sh('rm -r /vz/etc-vz')
    expect(await node.act('start')).toEqual({
      code: 1,
      reason: 'there is no /etc/vz/vz.conf: /etc/vz leads to /vz/etc-vz',
    })
    await node.sh('umount /vz')
    expect(await node.act('start')).toEqual({
      code: 1,
      reason: 'nothing is mounted at /vz: the resource that mounts it must come before, in the same group',
    })
    expect(await units()).toBe('inactive\ninactive')
  })

  test.for(['vz', '/', '/vz/', '/v z', ''])('it refuses the directory "%s"', async (directory) => {
    expect((await node.act('validate-all', { params: { directory } })).code).toBe(6)
  })
})

// A unit that plays Pacemaker: systemd starts and stops it where Pacemaker would be.
const PACEMAKER = `[Unit]
After=resource-agents-deps.target
Wants=resource-agents-deps.target
[Service]
Type=oneshot
RemainAfterExit=yes
Environment=OCF_ROOT=/usr/lib/ocf OCF_RESKEY_CRM_meta_timeout=60000
ExecStart=/bin/true
ExecStop=/bin/sh -c 'systemctl is-active vz prl-disp >/root/at-shutdown; vzlist -H -o name >>/root/at-shutdown; ${agentPath('openvz')} stop; echo "stop $?" >>/root/at-shutdown; vzlist -H -o name >>/root/at-shutdown'
[Install]
WantedBy=multi-user.target
`
// And one that is long in starting.
const SLOW = `[Unit]
After=pacemaker-standin.service
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'until [ -e /run/go-on ]; do sleep 0.1; done'
TimeoutStartSec=infinity
[Install]
WantedBy=multi-user.target
`

test('at shutdown the services wait for Pacemaker, which can stop them; at boot the containers wait for its end', async () => {
  await node.act('start')
  await node.create('test1')
  await node.sh('prlctl start test1')
  const write = (name: string, text: string) =>
    node.lab.exec('server1', `cat >/etc/systemd/system/${name}.service && systemctl enable -q ${name}`, {
      input: text,
    })
  await write('pacemaker-standin', PACEMAKER)
  await write('slow-standin', SLOW)
  await node.sh('systemctl start pacemaker-standin')
  const boot = 'cat /proc/sys/kernel/random/boot_id'
  const before = await node.sh(boot)
  await node.sh(REBOOT_NOW)
  await until(async () =>
    node.sh(boot).then(
      (now) => now !== before,
      () => false,
    ),
  )
  expect(await node.sh('cat /root/at-shutdown')).toBe('active\nactive\ntest1\nstop 0')

  await until(() => node.sh('systemctl is-active slow-standin; :').then((state) => state === 'activating'))
  await node.fresh()
  // Its containers are those of another node, on which they were made.
  await node.sh('systemctl start prl-disp')
  await node.create('test1')
  await node.sh('systemctl stop vz prl-disp && systemctl start prl-disp && systemctl restart vz')
  expect(await node.running(), 'what vz starts while the machine boots').toBe('')
  await node.sh('systemctl stop vz prl-disp')
  const started = node.act('start', { timeout: 600 })
  // The agent waits by sleeping.
  const agent = agentPath('openvz').replace(/^./, '[$&]')
  await until(() => node.sh(`pgrep -P "$(pgrep -d, -f '${agent} start')" sleep; :`).then((pid) => pid !== ''))
  expect(await units()).toBe('inactive\ninactive')
  await node.sh('touch /run/go-on')
  expect(await started).toEqual({ code: 0, reason: '' })
  expect(await node.running()).toBe('test1 running')
})
