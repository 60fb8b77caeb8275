import { stat } from 'node:fs/promises'
import { local } from './local.ts'
import type { LabPlace } from './place.ts'

/** The same in every lab: each has a network namespace of its own, so they never meet. */
export const network = {
  prefix: '192.168.111.',
  length: 24,
  gateway: '192.168.111.254',
  bridge: 'br0',
} as const

/** server1 is .101; the machines outside of the cluster are above all of them. */
export const serverAddress = (number: number): string => `${network.prefix}${100 + number}`
export const clientAddress = `${network.prefix}150`
export const builderAddress = `${network.prefix}151`

/**
 * A namespace with a bridge and nothing else: no way out. `nsenter` enters it everywhere, since `ip netns exec` would
 * hide the control groups from systemd-nspawn.
 */
export async function makeNetwork(place: LabPlace): Promise<void> {
  await local()`ip netns add ${place.netns}`
  const batch = [
    'link set lo up',
    `link add ${network.bridge} type bridge mcast_snooping 0`,
    `addr add ${network.gateway}/${network.length} dev ${network.bridge}`,
    `link set ${network.bridge} up`,
  ]
  await local({ input: batch.join('\n') + '\n' })`ip -n ${place.netns} -batch -`
}

/** Inode of the lab's namespace, by which the kernel tells namespaces apart; undefined if there is none. */
export async function netnsInode(place: LabPlace): Promise<number | undefined> {
  const [mine, its] = await Promise.all([
    stat('/proc/self/ns/net'),
    stat(place.netnsPath).catch(() => undefined),
  ])
  // A crash between creating the file and mounting the namespace on it leaves a plain file.
  return its === undefined || its.dev !== mine.dev ? undefined : its.ino
}

export async function removeNetwork(place: LabPlace): Promise<void> {
  const { exitCode } = await local({ nothrow: true })`ip netns del ${place.netns}`
  if (exitCode !== 0) await local()`rm -f ${place.netnsPath}`
}
