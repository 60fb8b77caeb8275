import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { $ } from 'zx/core'
import { raiseLab } from '../../scripts/lab/raise.ts'
import { traces } from './traces.ts'

const local = $({ quiet: true, nothrow: true })
const root = new URL('../..', import.meta.url).pathname
const uniqueName = (): string => `ends-${randomUUID().slice(0, 8)}`

/** A process of its own that raises a lab and then does nothing. */
function ownerOf(name: string, env: NodeJS.ProcessEnv = {}) {
  const program = `
    import { raiseLab } from './scripts/lab/raise.ts'
    await raiseLab({ name: '${name}', nodes: 1 })
    console.log('raised')
    setInterval(() => {}, 1000)`
  return spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

const nothingOf = (name: string) =>
  expect.poll(() => traces(name), { timeout: 60_000, interval: 200 }).toEqual([])

test('what traces() finds of a lab that is up: mounts, namespace, groups, processes, files', async () => {
  await using lab = await raiseLab({ nodes: 1 })
  const found = (await traces(lab.name)).join('\n')
  expect(found).toContain(' overlay ')
  expect(found).toContain('/run/netns/')
  expect(found).toContain('/sys/fs/cgroup/')
  expect(found).toContain('systemd-nspawn')
  expect(found).toContain(`.lab/${lab.name}`)
})

test('down leaves nothing', async () => {
  const lab = await raiseLab({ nodes: 2 })
  await lab.down()
  await nothingOf(lab.name)
  await lab.down()
})

test('a lab goes with the process that owns it, killed', async () => {
  const name = uniqueName()
  const owner = ownerOf(name)
  await once(owner.stdout, 'data')
  expect(await traces(name)).not.toEqual([])
  owner.kill('SIGKILL')
  await nothingOf(name)
})

test('a lab that was half raised goes with its owner', async () => {
  const name = uniqueName()
  const owner = ownerOf(name)
  await expect
    .poll(() => traces(name).then((found) => found.join('\n')), { interval: 5, timeout: 60_000 })
    .toContain(' overlay ')
  owner.kill('SIGKILL')
  await nothingOf(name)
})

test('a base that is being made ends with the process that wanted it', async () => {
  const cache = await mkdtemp(join(tmpdir(), 'bringup-cache-'))
  const name = uniqueName()
  const owner = ownerOf(name, { XDG_CACHE_HOME: cache })
  await expect
    .poll(() => traces(name).then((found) => found.join('\n')), { timeout: 60_000 })
    .toContain('/usr/bin/mmdebstrap')
  owner.kill('SIGKILL')
  await nothingOf(name)
  await rm(cache, { recursive: true })
})

test('a lab that is up to stay outlives its owner, and goes when told', async () => {
  const name = uniqueName()
  const lab = (...command: string[]) => local({ cwd: root })`${process.execPath} scripts/lab.ts ${command}`
  const up = await lab('up', '--name', name, '--nodes', '1')
  expect(up.exitCode, up.stderr).toBe(0)
  expect(up.stdout).toContain(`.lab/${name}/inventory.yml`)
  expect((await lab('up', '--name', name)).stdout).toContain('is up already')
  expect((await lab('status')).stdout).toMatch(
    new RegExp(`^${name}: bookworm.*\n  server1 +192.168.111.101 +on$`, 'm'),
  )
  expect((await lab('ssh', '--name', name, 'server1', '--', 'hostname')).stdout).toBe('server1\n')
  expect((await lab('down', '--name', name)).exitCode).toBe(0)
  await nothingOf(name)
  expect((await lab('down', '--name', name)).stdout).toBe(`lab ${name} is not up\n`)
})

// The kernel runs the nodes on without their systemd-nspawn.
test('a lab comes down after its containers lost their supervisors', async () => {
  const lab = await raiseLab({ nodes: 2 })
  for (const pid of await nspawnsOf(lab.name)) process.kill(pid, 'SIGKILL')
  await lab.down()
  await nothingOf(lab.name)
})

test('what a crash left of a lab is taken down when it is raised again', async () => {
  const name = uniqueName()
  const owner = ownerOf(name)
  await once(owner.stdout, 'data')
  for (const pid of await processesNaming(name, 'reaper.ts')) process.kill(pid, 'SIGKILL')
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  expect(await traces(name)).not.toEqual([])
  const again = await raiseLab({ name, nodes: 1 })
  expect((await again.exec('server1', 'hostname')).stdout).toBe('server1\n')
  await again.down()
  await nothingOf(name)
})

const nspawnsOf = (name: string): Promise<number[]> => processesNaming(name, 'systemd-nspawn')

async function processesNaming(...words: string[]): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const lines = await Promise.all(
    pids.map(async (pid) => ({ pid, text: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') })),
  )
  return lines.filter(({ text }) => words.every((word) => text.includes(word))).map(({ pid }) => Number(pid))
}
