import { randomUUID } from 'node:crypto'
import { chown, copyFile, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { accessFiles } from './access.ts'
import { local } from './local.ts'
import { network } from './network.ts'
import { nodeDisk } from './place.ts'
import type { LabPlace } from './place.ts'
import type { LabNode } from './state.ts'

/** Writes what makes a node this one into its disk: name, address, identity, host key, who may log in.
 * @param card the name that its network interface has there */
export async function furnish(
  place: LabPlace,
  node: LabNode,
  { adminHash, card }: { adminHash: string; card: string },
): Promise<void> {
  const { root } = nodeDisk(place, node.name)
  const files = accessFiles(place)
  const at = (path: string): string => join(root, path)
  const clientKey = await readFile(`${files.key}.pub`)
  await Promise.all([
    writeFile(at('/etc/hostname'), `${node.name}\n`),
    // The node's own name alone: the others' are the work of a role. The address rather than 127.0.1.1 is what
    // Debian's installer writes on a machine with a static one.
    writeFile(
      at('/etc/hosts'),
      `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${node.address}\t${node.name}\n`,
    ),
    // Set, or systemd would take this for a first boot and apply all presets.
    writeFile(at('/etc/machine-id'), `${randomUUID().replaceAll('-', '')}\n`),
    writeFile(at('/etc/network/interfaces'), interfaces(node, card)),
    copyFile(files.hostKey(node.name), at('/etc/ssh/ssh_host_ed25519_key')),
    copyFile(`${files.hostKey(node.name)}.pub`, at('/etc/ssh/ssh_host_ed25519_key.pub')),
    setPassword(at('/etc/shadow'), 'admin', adminHash),
    ...['/root', '/home/admin', '/home/ops'].map((home) => authorize(at(home), clientKey)),
  ])
}

/** The hash, as in shadow(5), of the password that `admin` has in this lab. */
export async function adminPasswordHash(place: LabPlace): Promise<string> {
  const input = await readFile(accessFiles(place).adminPassword)
  return (await local({ input })`openssl passwd -6 -stdin`).stdout.trim()
}

function interfaces(node: LabNode, card: string): string {
  return `auto lo
iface lo inet loopback

auto ${card}
iface ${card} inet static
    address ${node.address}/${network.length}
`
}

async function authorize(home: string, key: Buffer): Promise<void> {
  const file = join(home, '.ssh/authorized_keys')
  const { uid, gid } = await stat(dirname(file))
  await writeFile(file, key, { mode: 0o600 })
  await chown(file, uid, gid)
}

async function setPassword(shadow: string, user: string, hash: string): Promise<void> {
  const text = await readFile(shadow, 'utf8')
  const changed = text.replace(new RegExp(`^${user}:[^:]*:`, 'm'), () => `${user}:${hash}:`)
  await writeFile(shadow, changed)
}
