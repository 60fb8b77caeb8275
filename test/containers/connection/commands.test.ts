import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { raiseLab } from '../../../scripts/lab/raise.ts'
import type { Lab } from '../../../scripts/lab/raise.ts'
import type { Remote } from '../../../src/connection/remote.ts'
import { connectLab, processes } from './lab_host.ts'

let lab: Lab
const remotes: Record<string, Remote> = {}

beforeAll(async () => {
  lab = await raiseLab({ nodes: 1 })
  remotes['root'] = await connectLab(lab, 'server1')
  remotes['ops'] = await connectLab(lab, 'server1', { user: 'ops' })
  remotes['ops with sudo'] = await connectLab(lab, 'server1', { user: 'ops', become: true })
  remotes['admin with sudo and a password'] = await connectLab(lab, 'server1', {
    user: 'admin',
    become: true,
    becomePassword: lab.adminPassword,
  })
})
afterAll(async () => {
  await Promise.all(Object.values(remotes).map((remote) => remote.close()))
  await lab?.down()
})

const text = async (remote: Remote, script: string, options = {}): Promise<string> =>
  (await remote.run(script, options)).stdout.toString()

describe.each([
  ['root', 'root'],
  ['ops', 'ops'],
  ['ops with sudo', 'root'],
  ['admin with sudo and a password', 'root'],
])('%s', (who, user) => {
  const remote = (): Remote => remotes[who]!

  test(`commands run as ${user}, in /, with sbin in PATH and the C locale`, async () => {
    expect(await text(remote(), 'id -un; pwd; command -v useradd; echo $LC_ALL')).toBe(
      `${user}\n/\n/usr/sbin/useradd\nC\n`,
    )
  })

  test('both outputs and the status come as they were', async () => {
    const result = await remote().run('printf a; printf b >&2; exit 7')
    expect(result).toEqual({ stdout: Buffer.from('a'), stderr: Buffer.from('b'), code: 7 })
  })

  test.each([100, 20_000, 2_000_000])('%i bytes of any kind pass both ways', async (length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 7919) & 255))
    const { stdout, code } = await remote().run('cat', { stdin: bytes })
    expect(code).toBe(0)
    expect(stdout.equals(bytes)).toBe(true)
  })

  test('when its time is over, it and all that it started are gone', async () => {
    const orphan = '(sleep 4321 &)'
    const script = `${orphan}; sleep 4321 & sh -c 'sleep 4321; sleep 4321' | cat; timeout 99 sleep 4321`
    await expect(remote().run(script, { timeout: 0.3 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      details: { host: 'server1' },
    })
    expect(await processes(lab, 'server1', 'sleep 4321')).toEqual([])
  })

  test('what is interrupted is gone as well', async () => {
    const stop = new AbortController()
    const running = remote().run('sleep 4322', { signal: stop.signal })
    await expect.poll(() => processes(lab, 'server1', 'sleep 4322')).toHaveLength(1)
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' })
    expect(await processes(lab, 'server1', 'sleep 4322')).toEqual([])
    expect(await text(remote(), 'echo alive')).toBe('alive\n')
  })

  test('what waits behind the one that is ended is run, once', async () => {
    const file = `/tmp/count-${user}-${Math.random()}`
    const slow = remote().run('sleep 4323', { timeout: 0.3 })
    const rest = Array.from({ length: 20 }, (_, index) =>
      text(remote(), `echo ${index} >>${file}; echo ${index}`),
    )
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await Promise.all(rest)).toEqual(rest.map((_, index) => `${index}\n`))
    expect((await text(remote(), `sort -n ${file}`)).trim().split('\n')).toEqual(
      rest.map((_, index) => `${index}`),
    )
  })

  test('what was interrupted before its turn has never run', async () => {
    const file = `/tmp/never-${user}-${Math.random()}`
    const stop = new AbortController()
    // More than there are shells, so that some must wait.
    const slow = Array.from({ length: 4 }, () => remote().run('sleep 4324', { signal: stop.signal }))
    const waiting = Array.from({ length: 8 }, () =>
      remote().run(`echo ran >>${file}`, { signal: stop.signal }),
    )
    const all = Promise.allSettled([...slow, ...waiting])
    await expect.poll(() => processes(lab, 'server1', 'sleep 4324')).toHaveLength(3)
    stop.abort()
    for (const result of await all) expect(result).toMatchObject({ reason: { code: 'INTERRUPTED' } })
    expect(await processes(lab, 'server1', 'sleep 4324')).toEqual([])
    expect(await text(remote(), `cat ${file} 2>/dev/null`)).toBe('')
  })
})

describe('one shell serves many commands', () => {
  const root = (): Remote => remotes['root']!

  test.each([
    ['a directory', 'cd /usr', 'pwd', '/\n'],
    ['a variable', 'X=1; export Y=1', 'echo "${X-none} ${Y-none}"', 'none none\n'],
    ['a mask', 'umask 0', 'umask', '0022\n'],
    ['an exit', 'exit 3', 'echo alive', 'alive\n'],
    ['an exec', 'exec true', 'echo alive', 'alive\n'],
    ['a syntax error', 'if then "', 'echo alive', 'alive\n'],
    ['set -eux', 'set -eux; false', 'echo alive; false; echo alive', 'alive\nalive\n'],
    ['a trap', 'trap "echo trapped" EXIT USR1', 'echo alive', 'alive\n'],
    ['a function', 'bringup_mark() { :; }', 'echo alive', 'alive\n'],
    ['a closed input', 'exec <&-', 'echo alive', 'alive\n'],
    ['a closed output', 'exec >&- 2>&-', 'echo alive', 'alive\n'],
  ])('%s stays in its command', async (_, first, second, expected) => {
    const [, result] = await Promise.all([root().run(first), root().run(second)])
    expect(result.stdout.toString()).toBe(expected)
  })

  test('a command has no arguments and nothing of ours but a function or two', async () => {
    expect(await text(root(), 'echo "$# $1 ${bringup_a-}${bringup_self-}"')).toBe('0  \n')
  })

  test('a marker is never in what a command prints about its shell', async () => {
    const all = await root().run('set; set -x; set -v; echo end')
    expect(all.stdout.toString()).toMatch(/end\n$/)
    expect(await text(root(), 'echo next')).toBe('next\n')
  })

  test('a process left behind holds nothing up, and its words are nobody’s', async () => {
    expect(await text(root(), '(sleep 0.2; echo late) & echo started')).toBe('started\n')
    const outputs = await Promise.all(Array.from({ length: 30 }, () => text(root(), 'sleep 0.02; echo x')))
    expect(outputs.join('').replaceAll('late\n', '')).toBe('x\n'.repeat(30))
  })

  test('here-documents, quotes and long scripts pass', async () => {
    expect(await text(root(), `cat <<'X'\nit's $HOME\nX`)).toBe("it's $HOME\n")
    const long = Array.from({ length: 20_000 }, (_, index) => `: line ${index} "'`.concat(`'"`)).join('\n')
    expect(await text(root(), `${long}\necho done`)).toBe('done\n')
  })

  test('a command that kills its shell is told to be lost, and the next one runs', async () => {
    await expect(root().run('kill -9 $$')).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: 'the shell on server1 was lost; whether the command ended, and how, is unknown',
      details: { seen: 'the shell ended with SIGKILL' },
    })
    expect(await text(root(), 'echo alive')).toBe('alive\n')
  })

  test('a command that will not be ended in peace is killed', async () => {
    const stubborn = `trap '' TERM; while :; do sleep 4326; done`
    await expect(root().run(stubborn, { timeout: 0.1 })).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(await processes(lab, 'server1', 'sleep 4326')).toEqual([])
  })

  test('more than 64 MiB of output end the command', async () => {
    await expect(root().run('cat /dev/zero; sleep 4325')).rejects.toMatchObject({ code: 'OUTPUT_TOO_LARGE' })
    expect(await processes(lab, 'server1', 'cat /dev/zero')).toEqual([])
  })

  test('a slow command does not keep those that were sent behind it', async () => {
    const slow = root().run('until [ -e /run/quick-is-done ]; do sleep 0.05; done')
    const quick = Array.from({ length: 5 }, (_, index) => text(root(), `echo ${index}`))
    expect(await Promise.all(quick)).toEqual(quick.map((_, index) => `${index}\n`))
    await lab.exec('server1', 'touch /run/quick-is-done')
    await slow
  })

  test('a hundred at once keep within the sessions that sshd allows', async () => {
    const outputs = await Promise.all(
      Array.from({ length: 100 }, (_, index) => text(root(), `echo ${index}`)),
    )
    expect(outputs).toEqual(outputs.map((_, index) => `${index}\n`))
  })
})
