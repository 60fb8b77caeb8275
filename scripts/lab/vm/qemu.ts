import { join } from 'node:path'
import type { Bytes } from '../../../src/connection/remote.ts'
import { local } from '../local.ts'
import { network } from '../network.ts'
import type { LabPlace } from '../place.ts'
import type { LabNode } from '../state.ts'

const MEMORY: Bytes = 1024 ** 3
/** What QEMU may keep of translated code; left to itself it takes as much again as the machine has. */
const TRANSLATED: Bytes = 256 * 1024 ** 2

/** The image of a disk, which QEMU writes to and a boot finds again. */
export const disk = (place: LabPlace, node: string, which: 'system' | 'spare'): string =>
  join(place.mounts, node, which)

/** The end of a node's network card in the lab's namespace. It stays, and the next boot takes it again. */
export async function makeCard(place: LabPlace, node: string): Promise<void> {
  const there = await local({ nothrow: true })`ip -n ${place.netns} link show ${cardOf(node)}`
  if (there.exitCode === 0) return
  await local()`ip -n ${place.netns} tuntap add dev ${cardOf(node)} mode tap`
  await local()`ip -n ${place.netns} link set ${cardOf(node)} master ${network.bridge} up`
}

const cardOf = (node: string): string => `tap-${node}`

/** The command that is a machine; its first serial line is standard output. None of its words has a blank in it. */
export function qemu(place: LabPlace, { name, address }: LabNode): string[] {
  const drives = (['system', 'spare'] as const).map((which) => {
    // What the guest wrote is in this machine's cache, which outlives a killed QEMU: it never has to wait for more.
    const drive = `file=${disk(place, name, which)},format=raw,if=none,id=${which},cache=unsafe`
    return `-drive ${drive} -device virtio-blk-pci,drive=${which},serial=${which}`
  })
  // Of QEMU's own range, with the last number of the node's address.
  const mac = `52:54:00:12:34:${Number(address.split('.').at(-1)).toString(16).padStart(2, '0')}`
  return [
    `nsenter --net=${place.netnsPath} qemu-system-x86_64 -name ${name}`,
    `-accel tcg,thread=multi,tb-size=${TRANSLATED / 1024 ** 2} -m ${MEMORY / 1024 ** 2}`,
    '-nodefaults -no-user-config',
    '-display none -monitor none -serial stdio -device virtio-rng-pci',
    ...drives,
    `-netdev tap,id=net,ifname=${cardOf(name)},script=no,downscript=no`,
    `-device virtio-net-pci,netdev=net,mac=${mac}`,
  ].flatMap((words) => words.split(' '))
}
