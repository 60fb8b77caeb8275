import type { Problems } from '../problems.ts'
import type { Host } from './inventory.ts'

/**
 * Two names for one machine would have it changed twice at once, and counted as two nodes of a cluster: an error,
 * unless all but one of them say `shares_address: true`.
 */
export function refuseSharedAddresses(
  hosts: Iterable<Host>,
  mayShare: ReadonlySet<string>,
  problems: Problems,
): void {
  const first = new Map<string, Host>()
  for (const host of hosts) {
    if (mayShare.has(host.name)) continue
    const { kind, address, port, jump, proxyCommand } = host.connection
    const way =
      kind === 'local' ? 'local' : JSON.stringify([address.toLowerCase(), port ?? 22, jump, proxyCommand])
    const other = first.get(way)
    if (other === undefined) {
      first.set(way, host)
      continue
    }
    const where = kind === 'local' ? 'this machine' : `${address} port ${port ?? 22}`
    problems.add('INVENTORY_INVALID', `${other.name} and ${host.name} are both ${where}`, {
      at: host.at,
      remedy: `Correct one address, or, if it is meant, write "shares_address: true" below ${host.name}.`,
    })
  }
}
