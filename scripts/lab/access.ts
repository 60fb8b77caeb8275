import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { stringify } from 'yaml'
import { local } from './local.ts'
import type { LabPlace } from './place.ts'
import { machines } from './state.ts'
import type { LabNode, LabState } from './state.ts'

/** The files that lead into a lab. */
export function accessFiles(place: LabPlace) {
  const file = (name: string): string => join(place.dir, name)
  return {
    key: file('id_ed25519'),
    knownHosts: file('known_hosts'),
    sshConfig: file('ssh_config'),
    inventory: file('inventory.yml'),
    adminPassword: file('admin_password'),
    hostKey: (node: string): string => join(place.dir, 'host_keys', node),
  }
}

/** How a connection gets into the lab's namespace; `%h` and `%p` as in ssh_config(5). */
export function proxyCommand(place: LabPlace): string {
  return `nsenter --net=${place.netnsPath} socat - TCP:%h:%p,nodelay`
}

/** Makes the lab's keys, its password, and what clients need to use them. */
export async function makeAccess(place: LabPlace, state: LabState): Promise<void> {
  const files = accessFiles(place)
  await mkdir(join(place.dir, 'host_keys'), { mode: 0o700 })
  await Promise.all([
    makeKey(files.key, `lab ${place.name}`),
    ...machines(state).map(({ name }) => makeKey(files.hostKey(name), name)),
    writeFile(files.adminPassword, randomBytes(12).toString('base64url') + '\n', { mode: 0o600 }),
    writeFile(files.sshConfig, sshConfig(place, machines(state))),
    writeFile(files.inventory, inventory(place, state)),
  ])
  const known = await Promise.all(
    machines(state).map(async ({ name, address }) => {
      const [type, key] = (await readFile(`${files.hostKey(name)}.pub`, 'utf8')).split(' ')
      return `${address},${name} ${type} ${key}\n`
    }),
  )
  await writeFile(files.knownHosts, known.join(''))
}

async function makeKey(path: string, comment: string): Promise<void> {
  await local()`ssh-keygen -q -t ed25519 -N ${''} -C ${comment} -f ${path}`
  await chmod(path, 0o600)
}

function sshConfig(place: LabPlace, nodes: readonly LabNode[]): string {
  const files = accessFiles(place)
  const hosts = nodes.map(({ name, address }) => `Host ${name}\n  HostName ${address}\n`)
  return `${hosts.join('\n')}
Host *
  User root
  IdentityFile "${files.key}"
  IdentitiesOnly yes
  UserKnownHostsFile "${files.knownHosts}"
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  ProxyCommand ${proxyCommand(place)}
`
}

function inventory(place: LabPlace, state: LabState): string {
  const files = accessFiles(place)
  const hosts = (nodes: readonly LabNode[]) => ({
    hosts: Object.fromEntries(nodes.map(({ name, address }) => [name, { ansible_host: address }])),
  })
  return stringify(
    {
      all: {
        vars: {
          ansible_user: 'root',
          ansible_port: 22,
          ansible_ssh_private_key_file: files.key,
          known_hosts: files.knownHosts,
          proxy_command: proxyCommand(place),
          egress: 'controller',
        },
        children: {
          cluster: hosts(state.nodes),
          ...(state.client === null ? {} : { observers: hosts([state.client]) }),
          ...(state.builder === null ? {} : { builders: hosts([state.builder]) }),
        },
      },
    },
    { lineWidth: 0 },
  )
}
