import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import type { ConnectionSettings } from '../../../src/inventory/inventory.ts'
import { Secret } from '../../../src/secret.ts'
import type { ProcessWatch } from '../../support/process_watch.ts'
import { watchProcesses } from '../../support/process_watch.ts'
import { until } from '../../support/until.ts'
import { connectLab } from './lab_host.ts'

let lab: Lab

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
})
afterAll(() => lab?.down())

const text = async (remote: Remote, script: string, options = {}): Promise<string> =>
  (await remote.run(script, options)).stdout.toString()

/** A connection for one test. */
async function connect(settings: Partial<ConnectionSettings>, options = {}): Promise<Remote> {
  const remote = await connectLab(lab, 'server1', settings, options)
  onTestFinished(() => remote.close())
  return remote
}

describe('secrets', () => {
  /** Command lines that hold `text`, of this machine and of the node, while `work` goes on. */
  async function commandLinesWith(
    text: string,
    work: (watch: ProcessWatch) => Promise<unknown>,
  ): Promise<string[]> {
    const watch = await watchProcesses([text])
    await work(watch)
    return (await watch.end()).filter((line) => line.includes(' cmdline: '))
  }

  test('would be seen in a command line', async () => {
    const remote = await connect({})
    const waiting = 'until [ -e /run/go-on ]; do sleep 0.05; done; : visible-4711'
    const seen = await commandLinesWith('visible-4711', async (watch) => {
      const shown = remote.run(`sh -c "${waiting}"`)
      await until(async () => (await lab.exec('server1', ['pgrep', '-f', 'go-on'])).exitCode === 0)
      await watch.round()
      await lab.exec('server1', 'touch /run/go-on')
      await shown
    })
    expect(seen).toContain(`node cmdline: sh -c ${waiting} `)
  })

  test.each([
    ['root', {}],
    ['ops with sudo', { user: 'ops', become: true }],
    ['admin with sudo and a password', { user: 'admin', become: true }],
  ])('of %s are in no command line, on neither side', async (_, settings) => {
    const remote = await connect({ ...settings, becomePassword: lab.adminPassword })
    const word = `secret-${randomUUID()}`
    const secret = new Secret(word)
    const large = new Secret(word.repeat(1000))
    const seen = await commandLinesWith(word, async () => {
      const pass = async (input: Secret): Promise<string> =>
        text(remote, 'sleep 0.1; wc -c; sleep 0.1', { stdin: input })
      expect(Number(await pass(secret))).toBe(word.length)
      expect(Number(await pass(large))).toBe(word.length * 1000)
      expect(await text(remote, 'sleep 0.1; echo ${#P}', { env: { P: word } })).toBe(`${word.length}\n`)
      await remote.run(`: ${word}; sleep 0.1`)
      await remote.upload(secret.revealBytes(), `/tmp/${randomUUID()}`)
      await remote.upload(large.revealBytes(), `/tmp/${randomUUID()}`)
    })
    expect(seen).toEqual([])
  })

  test('sudo’s password is in none either', async () => {
    const password = lab.adminPassword.reveal()
    const seen = await commandLinesWith(password, async () => {
      const remote = await connect({ user: 'admin', become: true, becomePassword: lab.adminPassword })
      await remote.run('sleep 0.2')
    })
    expect(seen).toEqual([])
  })
})

describe('sudo', () => {
  const admin = { user: 'admin', become: true }

  test('a wrong password is refused in words, and is not tried again', async () => {
    const remote = await connect({ ...admin, becomePassword: new Secret('wrong-one') })
    await expect(remote.run('id')).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
      message: 'sudo on server1 did not accept the password of admin',
      details: { host: 'server1', remedy: expect.stringContaining('become_password') },
    })
  })

  test('without a password and nobody to ask, it says what to set', async () => {
    const remote = await connect(admin)
    await expect(remote.run('id')).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
      message: 'sudo wants a password of admin on server1, and none is known',
    })
  })

  test('a person is asked once for all shells, and again after a slip', async () => {
    const asked: string[] = []
    const answers = [new Secret('a slip'), lab.adminPassword]
    const ask = async (prompt: string): Promise<Secret | null> => {
      asked.push(prompt)
      return answers.shift() ?? null
    }
    const remote = await connect(admin, { ask })
    expect(await text(remote, 'id -un')).toBe('root\n')
    const at = Array.from({ length: 3 }, () => text(remote, 'sleep 0.3; id -un'))
    expect(await Promise.all(at)).toEqual(['root\n', 'root\n', 'root\n'])
    expect(asked).toEqual(['sudo password of admin on server1', 'sudo password of admin on server1'])
  })

  test.each([
    [
      'a terminal is wanted',
      'Defaults:ops requiretty, !use_pty',
      'sudo on server1 insists on a terminal (requiretty)',
    ],
    ['a user has no rights', 'ops ALL=(ALL) NOPASSWD: !ALL', 'ops on server1 may not use sudo'],
  ])('where %s, it says so', async (_, rule, message) => {
    onTestFinished(async () => void (await lab.exec('server1', 'rm /etc/sudoers.d/zz-test')))
    await lab.exec('server1', `echo '${rule}' >/etc/sudoers.d/zz-test`)
    const remote = await connect({ user: 'ops', become: true })
    await expect(remote.run('id')).rejects.toMatchObject({ code: 'SUDO_REFUSED', message })
  })

  test('where there is none, it says so', async () => {
    onTestFinished(async () => void (await lab.exec('server1', 'mv /usr/bin/sudo.away /usr/bin/sudo')))
    await lab.exec('server1', 'mv /usr/bin/sudo /usr/bin/sudo.away')
    const remote = await connect({ user: 'ops', become: true })
    await expect(remote.run('id')).rejects.toMatchObject({
      code: 'SUDO_REFUSED',
      message: 'there is no sudo on server1',
    })
  })

  test('root needs none', async () => {
    const remote = await connect({ become: true })
    expect(await text(remote, 'id -un; echo ${SUDO_USER-none}')).toBe('root\nnone\n')
  })
})
