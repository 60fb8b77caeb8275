export interface KernelFailure {
  readonly code: number
  /** The kernel's own words. */
  readonly said: string
  readonly meaning: string
  readonly remedy: string
}

const KNOWN: Readonly<Record<number, readonly [meaning: string, remedy: string]>> = {
  102: [
    'the local address and port are in use',
    'Give each resource a port of its own, and see who listens: ss -ltnp.',
  ],
  114: [
    'the disk below is claimed by something else; usually it is mounted',
    'See lsblk and findmnt for the disk, and take it out of use.',
  ],
  119: [
    'there are no DRBD metadata on the disk',
    'Make sure that this is the right disk; then its metadata can be made.',
  ],
  123: [
    'a primary cannot discard its data',
    'Make the node secondary first, if it is the one to lose its data.',
  ],
  150: [
    'the disk holds other data than this device had when it lost its disk',
    'Find the disk that it lost, or take the resource down here before attaching another.',
  ],
  165: ['the metadata are unclean, as after a crash', 'Run drbdadm apply-al on the resource, then attach.'],
  170: ['the disk became smaller', 'Give it back its size; DRBD does not shrink by itself.'],
  172: [
    'the transport module is missing or cannot be loaded',
    'Install and load every module of the series: drbd_transport_tcp, and handshake where there is one; then depmod.',
  ],
  [-1]: ['another node is primary', 'Demote the other first: only one is primary at a time.'],
  [-2]: [
    'no node within reach has UpToDate data',
    'Bring back the node that has the newest data; forcing would make an old copy the only one.',
  ],
  [-7]: [
    "the peer's disk could not be outdated",
    'Mend the link to the peer or the fencing handler; it may still be writing.',
  ],
  [-12]: ['somebody has the device open', 'See who: fuser -vm, lsblk, multipath -ll; close it, then demote.'],
  [-25]: ['there is no quorum', 'Bring back the other nodes or the tiebreaker.'],
}

/** What drbdsetup prints when the kernel refuses; undefined when it printed nothing of the kind. */
export function parseKernelFailure(said: string): KernelFailure | undefined {
  const found = /(?:Failure|State change failed): \((-?\d+)\)[ \t]*(.*)/.exec(said)
  if (found === null) return undefined
  const code = Number(found[1])
  const words = (found[2] ?? '').trim()
  const [meaning, remedy] = KNOWN[code] ?? [words, 'See the kernel log of this moment: journalctl -k.']
  return { code, said: words, meaning, remedy }
}
