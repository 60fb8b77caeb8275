import type { Facts } from '../../src/facts/facts.ts'

/**
 * Why a node must not be updated in passing: services would restart under what it carries, and a reboot would take it
 * away. Null where nothing speaks against it.
 */
export function inService({
  services,
  blockDevices,
}: Pick<Facts, 'services' | 'blockDevices'>): string | null {
  const cluster = ['corosync', 'pacemaker'].find((name) => services[name]?.active === 'active')
  if (cluster !== undefined)
    return `${cluster} runs here: the members of a running cluster are updated one after the other, each on standby`
  const devices = blockDevices.filter(({ type }) => type === 'drbd').map(({ path }) => path)
  if (devices.length > 0) return `DRBD is in use here: ${devices.join(', ')}`
  return null
}
