import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { ConnectOptions } from '../../../src/connection/connect.ts'
import type { ConnectionSettings } from '../../../src/inventory/inventory.ts'
import { Secret } from '../../../src/secret.ts'
import { sshdWith, whoAmI as whoAmIOn } from './lab_host.ts'

let lab: Lab
let directory: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bringup-login-'))
  lab = await raiseLab({ nodes: 2 })
})
afterAll(async () => {
  await lab?.down()
  rmSync(directory, { recursive: true })
})

const whoAmI = (settings: Partial<ConnectionSettings> = {}, options: Partial<ConnectOptions> = {}) =>
  whoAmIOn(lab, 'server1', settings, options)

const PASSPHRASE = 'open sesame'

/** A new key that root of a node accepts. */
async function newKey(node: string, name: string, passphrase = ''): Promise<string> {
  const file = join(directory, name)
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file])
  await lab.exec(node, `echo '${readFileSync(`${file}.pub`, 'utf8').trim()}' >>/root/.ssh/authorized_keys`)
  return file
}

/** An agent that holds keys, for one test. */
async function agentWith(...keys: string[]): Promise<Record<string, string | undefined>> {
  const socket = join(directory, `agent-${Math.random()}`)
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(() => void agent.kill())
  await new Promise((resolve) => agent.stdout.once('data', resolve))
  const env = { ...process.env, SSH_AUTH_SOCK: socket }
  for (const key of keys) execFileSync('ssh-add', ['-q', key], { env, stdio: 'ignore' })
  return { PATH: '/nonexistent', SSH_AUTH_SOCK: socket }
}

describe('who one is', () => {
  test('a key file lets in', async () => {
    expect(await whoAmI()).toBe('root@server1')
  })

  test('a key file with a passphrase asks for it', async () => {
    const identityFile = await newKey('server1', 'locked', PASSPHRASE)
    const asked: string[] = []
    const answers = [new Secret('wrong'), new Secret(PASSPHRASE)]
    const ask = async (prompt: string): Promise<Secret | null> => (
      asked.push(prompt),
      answers.shift() ?? null
    )
    expect(await whoAmI({ identityFile }, { ask })).toBe('root@server1')
    expect(asked).toEqual([`Passphrase of ${identityFile}`, `Passphrase of ${identityFile}`])
  })

  test('the agent’s key lets in, without a key file or a passphrase', async () => {
    const environment = await agentWith(lab.key)
    expect(await whoAmI({ identityFile: null }, { environment })).toBe('root@server1')
    const locked = await newKey('server1', 'held', '')
    const held = await agentWith(locked)
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', PASSPHRASE, '-f', locked])
    expect(await whoAmI({ identityFile: locked }, { environment: held })).toBe('root@server1')
  })

  test('an agent full of other keys does not use up the tries', async () => {
    const others = await Promise.all(
      Array.from({ length: 8 }, (_, index) => newKey('server2', `other${index}`)),
    )
    const environment = await agentWith(...others)
    expect(await whoAmI({}, { environment })).toBe('root@server1')
    expect(
      await whoAmI({ user: 'admin', identityFile: null, password: lab.adminPassword }, { environment }),
    ).toBe('admin@server1')
  })

  test('an agent that is gone does not matter', async () => {
    const environment = { PATH: '/nonexistent', SSH_AUTH_SOCK: join(directory, 'no-agent') }
    expect(await whoAmI({}, { environment })).toBe('root@server1')
  })

  test('a password lets in, known or typed', async () => {
    const admin = { user: 'admin', identityFile: null }
    expect(await whoAmI({ ...admin, password: lab.adminPassword })).toBe('admin@server1')
    const asked: string[] = []
    const ask = async (prompt: string): Promise<Secret> => (asked.push(prompt), lab.adminPassword)
    expect(await whoAmI(admin, { ask })).toBe('admin@server1')
    expect(asked).toEqual([expect.stringMatching(/^Password of admin on 192/)])
  })

  test('questions of the host’s own are answered', async () => {
    await sshdWith(
      lab,
      'server1',
      'PasswordAuthentication no\nKbdInteractiveAuthentication yes\nUsePAM yes\n',
    )
    expect(await whoAmI({ user: 'admin', identityFile: null, password: lab.adminPassword })).toBe(
      'admin@server1',
    )
  })

  test('what was tried is told when nothing lets in', async () => {
    const identityFile = await newKey('server2', 'unknown')
    const settings = { user: 'admin', identityFile, password: new Secret('wrong', 'group_vars/all.yml:3') }
    await expect(whoAmI(settings)).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      message: expect.stringMatching(/^192\.168\.111\.101 did not let admin in$/),
      details: {
        seen: `tried ${identityFile}, the password (group_vars/all.yml:3); the host accepts publickey, password`,
      },
    })
  })

  test.each([
    ['is not there', null, 'FILE_UNREADABLE'],
    ['is no key', 'hello', 'AUTH_FAILED'],
  ])('a key file that %s is told', async (_, content, code) => {
    const identityFile = join(directory, `bad-${code}`)
    if (content !== null) writeFileSync(identityFile, content)
    await expect(whoAmI({ identityFile })).rejects.toMatchObject({ code })
  })
})

describe('whom one talks to', () => {
  const known = (text: string): string => {
    const file = join(directory, `known-${Math.random()}`)
    writeFileSync(file, text)
    return file
  }
  const keyOf = (node: string): string =>
    readFileSync(join(lab.dir, 'host_keys', `${node}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')
  const fingerprintOf = (node: string): string =>
    execFileSync('ssh-keygen', ['-lf', join(lab.dir, 'host_keys', `${node}.pub`)], {
      encoding: 'utf8',
    }).split(' ')[1]!

  test('an unknown host is refused, with its fingerprint', async () => {
    await expect(whoAmI({ knownHosts: known('') })).rejects.toMatchObject({
      code: 'HOST_KEY_UNKNOWN',
      details: {
        seen: `ssh-ed25519 ${fingerprintOf('server1')}`,
        remedy: expect.stringContaining('--accept-new'),
      },
    })
  })

  test('its key is learned when asked for, and holds from then on', async () => {
    const knownHosts = known('# no newline at the end')
    expect(await whoAmI({ knownHosts }, { acceptNew: true })).toBe('root@server1')
    expect(readFileSync(knownHosts, 'utf8')).toBe(
      `# no newline at the end\n192.168.111.101 ${keyOf('server1')}\n`,
    )
    expect(await whoAmI({ knownHosts })).toBe('root@server1')
  })

  test('a changed key is refused, also when new ones are learned', async () => {
    const knownHosts = known(`\n192.168.111.101 ${keyOf('server2')}\n`)
    await expect(whoAmI({ knownHosts }, { acceptNew: true })).rejects.toMatchObject({
      code: 'HOST_KEY_CHANGED',
      message: expect.stringContaining(`${knownHosts}:2`),
      details: {
        expected: `ssh-ed25519 ${fingerprintOf('server2')}`,
        seen: `ssh-ed25519 ${fingerprintOf('server1')}`,
      },
    })
    expect(readFileSync(knownHosts, 'utf8')).toBe(`\n192.168.111.101 ${keyOf('server2')}\n`)
  })

  test('a revoked key is refused', async () => {
    const knownHosts = known(`192.168.111.101 ${keyOf('server1')}\n@revoked * ${keyOf('server1')}\n`)
    await expect(whoAmI({ knownHosts })).rejects.toMatchObject({ code: 'HOST_KEY_REVOKED' })
  })

  test('a host of which another type of key is known is asked for that one', async () => {
    const made = await lab.exec(
      'server1',
      "cat /etc/ssh/ssh_host_rsa_key.pub || { ssh-keygen -q -t rsa -N '' -f /etc/ssh/ssh_host_rsa_key; cat /etc/ssh/ssh_host_rsa_key.pub; }",
    )
    await sshdWith(
      lab,
      'server1',
      'HostKey /etc/ssh/ssh_host_rsa_key\nHostKey /etc/ssh/ssh_host_ed25519_key\n',
    )
    const [type, key] = made.stdout.split(' ')
    expect(await whoAmI({ knownHosts: known(`192.168.111.101 ${type} ${key}\n`) })).toBe('root@server1')
  })
})
