import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import { Secret } from '../../../src/secret.ts'
import { configured, connectLab, intoLab, sshdWith, whoAmI } from './lab_host.ts'

let lab: Lab
let directory: string

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bringup-ways-'))
  lab = await raiseLab({ nodes: 3 })
})
afterAll(async () => {
  await lab?.down()
  rmSync(directory, { recursive: true })
})

describe('the way', () => {
  const into = (): string => `ProxyCommand ${intoLab(lab)}\n`

  test.each([
    ['one host', 'root@192.168.111.101', 'server2', 1],
    ['two hosts', 'root@192.168.111.101,root@192.168.111.102', 'server3', 2],
  ])('leads through %s', async (_, jump, node, hops) => {
    const environment = configured(directory, `Host 192.168.111.101\n  ${into()}`)
    expect(await whoAmI(lab, node, { jump, proxyCommand: null }, { environment })).toBe(`root@${node}`)
    const remote = await connectLab(lab, node, { jump, proxyCommand: null }, { environment })
    const { stdout } = await remote.run('echo $SSH_CONNECTION')
    expect(stdout.toString()).toMatch(new RegExp(`^192\\.168\\.111\\.10${hops} `))
    await remote.close()
  })

  test('is the one of the SSH configuration: name, port, user, key, jump', async () => {
    await sshdWith(lab, 'server3', 'Port 22\nPort 2022\n')
    const environment = configured(
      directory,
      `
Host third
  HostName 192.168.111.103
  Port 2022
  User ops
  ProxyJump first
Host first
  HostName 192.168.111.101
  ${into()}
Host *
  User root
  IdentityFile ${lab.key}
  UserKnownHostsFile ${lab.knownHosts}
`,
    )
    const settings = {
      address: 'third',
      user: null,
      identityFile: null,
      knownHosts: null,
      proxyCommand: null,
    }
    expect(await whoAmI(lab, 'server3', settings, { environment })).toBe('ops@server3')
  })

  test('a wrong SSH configuration is told', async () => {
    await expect(
      whoAmI(lab, 'server1', {}, { environment: configured(directory, 'Nonsense yes\n') }),
    ).rejects.toMatchObject({
      code: 'UNREACHABLE',
      details: { seen: expect.stringContaining('Bad configuration option: nonsense') },
    })
  })

  test('a proxy command ends with its connection', async () => {
    const mark = `sleep 98${Math.floor(Math.random() * 1e6)}`
    const isRunning = (): boolean =>
      execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n').includes(mark)
    const remote = await connectLab(lab, 'server1', {
      proxyCommand: `sh -c '${mark} & exec ${intoLab(lab)}'`,
    })
    await remote.run('true')
    expect(isRunning()).toBe(true)
    await remote.close()
    await expect.poll(isRunning).toBe(false)
  })

  test.each([
    ['a proxy command that fails', { proxyCommand: 'sh -c "echo no way >&2; exit 3"' }, /status 3/, 'no way'],
    ['a closed port', { port: 23 }, /ended|closed/, expect.anything()],
  ])('%s is told', async (_, settings, message, seen) => {
    await expect(whoAmI(lab, 'server1', settings)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringMatching(message),
      details: { seen },
    })
  })

  test('a closed port of this machine is told', async () => {
    const settings = { address: '127.0.0.1', port: 9, proxyCommand: null }
    await expect(whoAmI(lab, 'server1', settings)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: 'cannot reach 127.0.0.1:9: nothing listens there',
    })
  })

  test('a host that hangs is given up after a while, typing not counted', async () => {
    await lab.pause('server2')
    onTestFinished(() => lab.resume('server2'))
    await expect(whoAmI(lab, 'server2', {}, { timeout: 1 })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: expect.stringContaining('it does not answer'),
    })
  })

  test('the time that a person takes to type does not count', async () => {
    const ask = (): Promise<Secret> =>
      new Promise((resolve) => setTimeout(() => resolve(lab.adminPassword), 11_000))
    expect(await whoAmI(lab, 'server1', { user: 'admin', identityFile: null }, { ask, timeout: 10 })).toBe(
      'admin@server1',
    )
  })

  test('an interruption ends it at once', async () => {
    await lab.pause('server2')
    onTestFinished(() => lab.resume('server2'))
    const signal = AbortSignal.timeout(300)
    await expect(whoAmI(lab, 'server2', {}, { signal })).rejects.toMatchObject({ code: 'INTERRUPTED' })
  })
})
