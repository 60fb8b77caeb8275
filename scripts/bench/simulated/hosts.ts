import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import { local } from '../../lab/local.ts'

/** Hosts that a second process plays: an SSH server each, with shells that are real. */
export interface SimulatedHosts extends AsyncDisposable {
  readonly inventory: string
  /** The folder of a host, from 1, which is all that its role writes to. */
  directory(number: number): string
}

/** Debian's packages whose commands the hosts have. */
const TOOLS = ['coreutils', 'dash', 'findutils', 'grep', 'sed']

/** @param folder an empty one, which is the caller's */
export async function playHosts(folder: string, count: number): Promise<SimulatedHosts> {
  await mkdir(join(folder, 'bin'), { recursive: true })
  const files = (await local()`dpkg -L ${TOOLS}`).stdout.split('\n')
  for (const file of files.filter((path) => /\/bin\/[^/]+$/.test(path)))
    await symlink(file, join(folder, 'bin', basename(file)))
  for (const name of ['host_key', 'key'])
    await local()`ssh-keygen -q -t ed25519 -N ${''} -C ${''} -f ${join(folder, name)}`

  const server = join(import.meta.dirname, 'server.ts')
  const child = spawn(process.execPath, [server, folder, String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const ports = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(
      ([line]) => JSON.parse(String(line)) as number[],
    ),
    exited.then(() => Promise.reject(new Error('the simulated hosts did not start'))),
  ])

  const directory = (number: number): string => join(folder, 'hosts', String(number))
  const knownHosts = join(folder, 'known_hosts')
  const hostKey = await readFile(join(folder, 'host_key.pub'), 'utf8')
  await writeFile(knownHosts, ports.map((port) => `[127.0.0.1]:${port} ${hostKey.trim()}\n`).join(''))
  const inventory = join(folder, 'inventory.yml')
  const hosts = ports.map((port, index) => [
    `simulated${index + 1}`,
    { ansible_port: port, small_root: directory(index + 1) },
  ])
  const vars = {
    ansible_host: '127.0.0.1',
    ansible_user: 'root',
    ansible_ssh_private_key_file: join(folder, 'key'),
    known_hosts: knownHosts,
  }
  await writeFile(inventory, stringify({ all: { vars, hosts: Object.fromEntries(hosts) as object } }))
  return {
    inventory,
    directory,
    [Symbol.asyncDispose]: async () => {
      child.stdin.end()
      await exited
    },
  }
}
