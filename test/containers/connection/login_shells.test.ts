import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { ConnectOptions } from '../../../src/connection/connect.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import { connectLab, processes } from './lab_host.ts'

let lab: Lab

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1, warm: ['tcsh', 'fish', 'zsh', 'busybox'] })
  await lab.exec('server1', 'apt-get install -q -y --no-install-recommends tcsh fish zsh busybox')
})
afterAll(() => lab?.down())

async function connect(user: string, become = false, options: Partial<ConnectOptions> = {}): Promise<Remote> {
  const remote = await connectLab(lab, 'server1', { user, become }, options)
  onTestFinished(() => remote.close())
  return remote
}

/** A user with a login shell that prints, and may do more, before anything is asked of it. */
async function newUser(name: string, shell: string, startFile: string, text: string): Promise<void> {
  const home = `/home/${name}`
  const script = `useradd -m -s ${shell} ${name}
mkdir -p ${home}/.ssh $(dirname ${home}/${startFile})
cp /root/.ssh/authorized_keys ${home}/.ssh/
cat >${home}/${startFile}
chown -R ${name} ${home}
echo '${name} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${name}`
  const made = await lab.exec('server1', ['sh', '-c', script], { input: text })
  expect(made).toMatchObject({ exitCode: 0 })
}

const NOISE = 'echo welcome, this is no output\necho and this no error >&2\n'
const CSH_NOISE = 'echo welcome\nset a = "b c"\n'

describe.each([
  ['bash', '/bin/bash', '.bashrc', `${NOISE}alias sh=false\ncd /tmp\nset -u\n`],
  ['tcsh', '/bin/tcsh', '.tcshrc', CSH_NOISE],
  ['fish', '/usr/bin/fish', '.config/fish/config.fish', 'echo welcome\nset -x A 1\n'],
  ['zsh', '/bin/zsh', '.zshenv', NOISE],
  ['dash', '/bin/dash', '.profile', NOISE],
])('with %s as login shell', (name, shell, file, text) => {
  beforeAll(() => newUser(`user-${name}`, shell, file, text))

  test.each([false, true])(
    'commands run in sh, and what its start file prints is nobody’s (sudo: %s)',
    async (become) => {
      const remote = await connect(`user-${name}`, become)
      const { stdout, stderr, code } = await remote.run(`printf '%s\n' "it's \\$HOME"; id -un; pwd; exit 3`)
      expect([stdout.toString(), stderr.toString(), code]).toEqual([
        `it's $HOME\n${become ? 'root' : `user-${name}`}\n/\n`,
        '',
        3,
      ])
      const bytes = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index & 255))
      expect((await remote.run('cat', { stdin: bytes })).stdout.equals(bytes)).toBe(true)
    },
  )
})

describe.each([
  ['bash', 'ln -sf bash /bin/sh'],
  ['busybox', 'ln -sf /bin/busybox /bin/sh'],
])('with %s as sh', (name, link) => {
  beforeAll(() => lab.exec('server1', link))
  afterAll(() => lab.exec('server1', 'ln -sf dash /bin/sh'))

  test.each(['root', 'ops'])('commands, input, time limits and queues work as %s', async (user) => {
    const remote = await connect(user, true)
    const text = async (script: string, options = {}): Promise<string> =>
      (await remote.run(script, options)).stdout.toString()
    const all = Buffer.from(Array.from({ length: 15_000 }, (_, index) => index & 255))
    expect((await remote.run('cat', { stdin: all })).stdout.equals(all)).toBe(true)
    expect(await text('cd /usr; X=1; umask 0; echo "$# $A"', { env: { A: "it's" } })).toBe("0 it's\n")
    expect(await text('pwd; echo ${X-none}; if then')).toBe('')
    expect((await remote.run('set -eu\nfalse\necho no')).code).toBe(1)

    const slow = remote.run('(sleep 4331 &); sleep 4331 | cat', { timeout: 0.3 })
    const rest = Array.from({ length: 10 }, (_, index) => text(`echo ${index}`))
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await processes(lab, 'server1', 'sleep 4331')).toEqual([])
    expect(await Promise.all(rest)).toEqual(rest.map((_, index) => `${index}\n`))

    await remote.upload(Buffer.alloc(100_000, 1), `/tmp/${name}-${user}`)
    await expect(remote.upload(Buffer.alloc(10), `/tmp/${name}-${user}`)).rejects.toMatchObject({
      code: 'COMMAND_FAILED',
    })
    expect(await text(`wc -c </tmp/${name}-${user}`)).toBe('100000\n')
  })
})

test('a login shell that lets nothing through is told as such, in time', async () => {
  await newUser('walled', '/bin/bash', '.bashrc', 'echo only music here >&2; sleep 100\n')
  const walled = await connect('walled', false, { timeout: 3 })
  await expect(walled.run('id')).rejects.toMatchObject({
    code: 'UNREACHABLE',
    details: { seen: 'only music here', remedy: expect.stringContaining("'exec sh'") },
  })
  await newUser('barred', '/usr/sbin/nologin', '.profile', '')
  const barred = await connect('barred')
  await expect(barred.run('id')).rejects.toMatchObject({
    code: 'UNREACHABLE',
    details: { seen: expect.stringMatching(/not available/) },
  })
})
