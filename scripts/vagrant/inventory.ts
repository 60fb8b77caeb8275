import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { serverAddress } from '../lab/network.ts'
import type { VagrantMachine } from './machines.ts'

/**
 * Writes the inventory of machines that Vagrant raised, and their host keys beside it.
 *
 * @param proxyCommand how connections get to them, where they are in a network namespace of their own
 * @returns the inventory's path
 */
export async function writeInventory(
  folder: string,
  machines: readonly VagrantMachine[],
  proxyCommand?: string,
): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const knownHosts = join(folder, 'known_hosts')
  const inventory = join(folder, 'inventory.yml')
  await writeFile(knownHosts, machines.map(knownHost).join(''))
  await writeFile(inventory, stringify(inventoryOf(machines, knownHosts, proxyCommand), { lineWidth: 0 }))
  return inventory
}

const knownHost = ({ address, port, hostKey }: VagrantMachine): string =>
  `${port === 22 ? address : `[${address}]:${port}`} ${hostKey}\n`

function inventoryOf(machines: readonly VagrantMachine[], knownHosts: string, proxyCommand?: string) {
  const hosts = machines.map(({ name, address, port, user, key }) => [
    name,
    {
      ansible_host: address,
      ansible_port: port,
      ansible_user: user,
      ansible_ssh_private_key_file: key,
      // Vagrant's own network is for logging in; the cluster talks on the private one.
      cluster_addresses: [serverAddress(Number(name.replace('server', '')))],
    },
  ])
  const way = proxyCommand === undefined ? {} : { proxy_command: proxyCommand }
  return {
    all: {
      vars: { ansible_become: true, known_hosts: knownHosts, ...way, egress: 'controller' },
      children: { cluster: { hosts: Object.fromEntries(hosts) } },
    },
  }
}
