import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import type { Lab } from '../../scripts/lab/raise.ts'
import { loadInventory } from '../../src/inventory/load.ts'
import { createProblems } from '../../src/problems.ts'
import { REBOOT_NOW } from '../support/reboot_now.ts'
import { traces } from './traces.ts'

const local = $({ quiet: true, nothrow: true })

/** Runs a command on a node as a user would, by plain ssh with the lab's own settings. */
function ssh(lab: Lab, target: string, command: string, ...options: string[]) {
  return local`ssh -F ${lab.sshConfig} -o BatchMode=yes ${options} ${target} ${command}`
}

describe('a lab of two nodes and a client', () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await raiseLab({ nodes: 2, client: true })
  })
  afterAll(() => lab?.down())

  test('its inventory is one that the engine reads', () => {
    const problems = createProblems()
    const inventory = loadInventory([lab.inventory], { cwd: '/', problems, note: () => undefined })
    expect(() => problems.throwIfAny()).not.toThrow()
    expect([...inventory.groups.keys()]).toEqual(expect.arrayContaining(['cluster', 'observers']))
    expect([...inventory.hosts.keys()]).toEqual(['server1', 'server2', 'client'])
  })

  test('ssh knows its host keys from the first connection, and refuses others', async () => {
    expect((await ssh(lab, 'server2', 'hostname')).stdout).toBe('server2\n')
    const stranger = await ssh(lab, 'server2', 'hostname', '-o', 'UserKnownHostsFile=/dev/null')
    expect(stranger.exitCode).toBe(255)
    expect(stranger.stderr).toContain('Host key verification failed')
  })

  test('systemd is content: no unit failed', async () => {
    const { stdout } = await lab.exec(
      'server1',
      'systemctl is-system-running --wait; systemctl --failed --no-legend',
    )
    expect(stdout).toBe('running\n')
  })

  test('nodes reach each other, and nothing else', async () => {
    const ping = (address: string) => lab.exec('client', ['ping', '-c', '1', '-W', '2', address])
    expect((await ping('192.168.111.102')).exitCode).toBe(0)
    // A host of the test network TEST-NET-1 (RFC 5737), which no machine answers for.
    expect((await ping('192.0.2.1')).stderr).toContain('Network is unreachable')
    expect((await lab.exec('server1', 'ip route show default')).stdout).toBe('')
    expect((await lab.exec('server1', 'getent hosts server2')).exitCode).toBe(2)
  })

  test('ops calls sudo without a password, admin with the one that the lab knows', async () => {
    expect((await ssh(lab, 'ops@server1', 'sudo -n id -un')).stdout).toBe('root\n')
    expect((await ssh(lab, 'admin@server1', 'sudo -n id -un')).exitCode).toBe(1)
    const input = lab.adminPassword.reveal() + '\n'
    const sudo = await local({ input })`ssh -F ${lab.sshConfig} admin@server1 ${'sudo -S -p "" id -un'}`
    expect(sudo.stdout).toBe('root\n')
  })

  test('admin may log in by password', async () => {
    const askpass = join(lab.dir, 'askpass')
    await writeFile(askpass, `#!/bin/sh\nexec cat '${join(lab.dir, 'admin_password')}'\n`, { mode: 0o700 })
    const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' }
    const method = ['-o', 'PreferredAuthentications=password', '-o', 'PubkeyAuthentication=no']
    const login = await local({ env })`ssh -F ${lab.sshConfig} ${method} admin@server1 id -un`
    expect(login.stdout).toBe('admin\n')
  })

  test('exec works without sshd, takes input, and gives both outputs and the exit code', async () => {
    await lab.exec('server2', 'systemctl stop ssh')
    const result = await lab.exec('server2', 'cat; echo oops >&2; exit 3', { input: 'in' })
    expect(result).toEqual({ stdout: 'in', stderr: 'oops\n', exitCode: 3 })
    await lab.exec('server2', 'systemctl start ssh')
  })

  test('what is stopped within a node, as all is when it goes down, ends all the same', async () => {
    const result = await lab.exec('server2', 'kill -STOP $$; echo on')
    expect(result).toEqual({ stdout: 'on\n', stderr: '', exitCode: 0 })
  })

  test('a power cut ends everything on a node and keeps its disk; other nodes run on', async () => {
    await lab.exec('server2', 'echo kept > /root/file')
    const before = await bootId(lab, 'server2')
    await lab.powerOff('server2')
    expect(await lab.isOn('server2')).toBe(false)
    expect((await lab.exec('client', 'ping -c 1 -W 1 192.168.111.102')).exitCode).toBe(1)
    await expect(lab.exec('server2', 'true')).rejects.toMatchObject({ code: 'LAB_FAILED' })
    await lab.powerOn('server2')
    expect((await ssh(lab, 'server2', 'cat /root/file')).stdout).toBe('kept\n')
    expect(await bootId(lab, 'server2')).not.toBe(before)
  })

  test('a node reboots', async () => {
    const before = await bootId(lab, 'server2')
    expect(await lab.exec('server2', REBOOT_NOW)).toMatchObject({ exitCode: 0, stderr: '' })
    await expect.poll(() => bootId(lab, 'server2').catch(() => before), { timeout: 30_000 }).not.toBe(before)
    await expect
      .poll(() => ssh(lab, 'server2', 'hostname').then((r) => r.stdout), { timeout: 30_000 })
      .toBe('server2\n')
  })

  test('a node that is reinstalled is as it was at the beginning, to its host key, and has nothing of before', async () => {
    const before = await bootId(lab, 'server2')
    await lab.exec('server2', 'echo lost > /root/file && sync')
    await lab.reinstall('server2')
    expect((await ssh(lab, 'server2', 'hostname; ls /root/file')).stdout).toBe('server2\n')
    expect(await bootId(lab, 'server2')).not.toBe(before)
    expect((await lab.exec('client', 'ping -c 1 -W 2 192.168.111.102')).exitCode).toBe(0)
  })

  test('a paused node hangs where it stands, its address answers still', async () => {
    await lab.pause('server2')
    expect((await lab.exec('client', 'ping -c 1 -W 2 192.168.111.102')).exitCode).toBe(0)
    const hung = local`timeout 3 ssh -F ${lab.sshConfig} server2 hostname`
    expect((await hung).exitCode).toBe(124)
    await lab.resume('server2')
    expect((await ssh(lab, 'server2', 'hostname')).stdout).toBe('server2\n')
  })

  test('a second one of the same shape stands beside it, untouched when that one goes', async () => {
    const other = await raiseLab({ nodes: 1 })
    expect(other.nodes[0]?.address).toBe(lab.nodes[0]?.address)
    await other.exec('server1', 'echo other > /etc/mark')
    await lab.exec('server1', 'echo first > /etc/mark')
    expect((await ssh(other, 'server1', 'cat /etc/mark')).stdout).toBe('other\n')
    await other.down()
    await expect.poll(() => traces(other.name), { timeout: 30_000 }).toEqual([])
    expect((await ssh(lab, 'server1', 'cat /etc/mark')).stdout).toBe('first\n')
  })

  test('a second one of the same name is refused', async () => {
    await expect(raiseLab({ name: lab.name })).rejects.toMatchObject({ code: 'LAB_EXISTS' })
    expect((await ssh(lab, 'server1', 'hostname')).stdout).toBe('server1\n')
  })
})

test('packages that were asked for install without a way out', async () => {
  await using lab = await raiseLab({ nodes: 1, warm: ['rsync'] })
  const install = await lab.exec(
    'server1',
    'DEBIAN_FRONTEND=noninteractive apt-get install -y rsync && rsync --version',
  )
  expect(install.exitCode, install.stderr).toBe(0)
})

test.each([
  ['bullseye', '11'],
  ['trixie', '13'],
] as const)('%s boots to sshd', async (release, version) => {
  await using lab = await raiseLab({ nodes: 1, release })
  const { stdout } = await ssh(
    lab,
    'server1',
    '. /etc/os-release; echo $VERSION_ID; systemctl is-system-running --wait',
  )
  expect(stdout).toBe(`${version}\nrunning\n`)
})

async function bootId(lab: Lab, node: string): Promise<string> {
  const { stdout } = await lab.exec(node, 'cat /proc/sys/kernel/random/boot_id')
  if (stdout === '') throw new Error(`${node} gave no boot id`)
  return stdout
}
