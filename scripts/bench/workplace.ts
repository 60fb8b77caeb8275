import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Lab } from '../lab/handle.ts'
import { buildPackage } from '../build_package.ts'
import type { BenchHost } from './bench_lab.ts'

/** A folder as a user has it: the project of the forty steps, and bringup installed as a package beside it. */
export interface Workplace extends AsyncDisposable {
  readonly folder: string
  /** Both sides' project. */
  readonly project: string
  /** Path of the command, built. */
  readonly bringup: string
  /** What both sides run with: a home without settings of its own. */
  readonly env: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '../..')

export async function makeWorkplace(): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'bringup-bench-'))
  const project = join(folder, 'site')
  const installed = join(folder, 'node_modules', 'bringup')
  await mkdir(installed, { recursive: true })
  await cp(join(import.meta.dirname, 'project'), project, { recursive: true })
  // Into a folder of our own: others may be using the checkout's.
  await buildPackage(join(installed, 'dist'))
  for (const part of ['bin', 'package.json'])
    await cp(join(root, part), join(installed, part), { recursive: true })
  for (const name of await readdir(join(root, 'node_modules')))
    if (!name.startsWith('.') && name !== 'bringup')
      await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  return {
    folder,
    project,
    bringup: join(installed, 'bin', 'bringup.js'),
    env: { HOME: folder, NODE_COMPILE_CACHE: join(folder, 'compile-cache') },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Files that lead to the hosts. */
export interface Access {
  /** Of both sides. */
  readonly inventory: string
  readonly knownHosts: string
  /** For OpenSSH itself. */
  readonly sshConfig: string
}

export async function writeAccess(
  workplace: Workplace,
  lab: Lab,
  hosts: readonly BenchHost[],
): Promise<Access> {
  const at = (name: string): string => join(workplace.folder, name)
  const access = {
    inventory: at('inventory.yml'),
    knownHosts: at('known_hosts'),
    sshConfig: at('ssh_config'),
  }
  const vars = {
    ansible_user: 'root',
    ansible_ssh_private_key_file: lab.key,
    known_hosts: access.knownHosts,
  }
  const entries = hosts.map(({ name, address, port }) => [
    name,
    { ansible_host: address, ansible_port: port },
  ])
  await writeFile(
    access.inventory,
    stringify({ all: { vars, children: { bench: { hosts: Object.fromEntries(entries) as object } } } }),
  )
  const known = await Promise.all(
    hosts.map(async ({ node, address, port }) => {
      const key = await readFile(join(lab.dir, 'host_keys', `${node}.pub`), 'utf8')
      return `${port === 22 ? address : `[${address}]:${port}`} ${key}`
    }),
  )
  await writeFile(access.knownHosts, known.join(''))
  await writeFile(access.sshConfig, sshConfig(workplace, lab, access, hosts))
  return access
}

const sshConfig = (
  { folder }: Workplace,
  { key }: Lab,
  { knownHosts }: Access,
  hosts: readonly BenchHost[],
) =>
  `${hosts.map(({ name, address, port }) => `Host ${name}\n  HostName ${address}\n  Port ${port}\n`).join('')}
Host *
  User root
  IdentityFile ${key}
  IdentitiesOnly yes
  UserKnownHostsFile ${knownHosts}
  GlobalKnownHostsFile /dev/null
  ControlPath ${folder}/cm-%n
`
