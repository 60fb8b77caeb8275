import type { Driver } from './keywords.ts'
import type { DeviceContent } from './status/device_content.ts'
import { shownSignatures } from './status/device_content.ts'
import type { Metadata } from './status/generation.ts'

/** What is known of the disk below one volume on one node, before create-md. */
export interface DeviceFacts {
  /** Where it, or what is on it, is mounted. */
  readonly mounts: readonly string[]
  readonly swap: boolean
  /** What the kernel has on top of it: `dm-0`, `md127`, partitions; without this resource's own DRBD device. */
  readonly holders: readonly string[]
  readonly content: DeviceContent
  /** Whether bytes other than 0 were seen where no signature explains them, as create-md tells. */
  readonly otherData: boolean
  /** What dump-md says in the driver's own format. */
  readonly metadata: Metadata
  /** Whether DRBD has it attached for this very volume. */
  readonly attached: boolean
  /** For how many peers the metadata have room; undefined where nothing tells. */
  readonly slots: number | undefined
  /** Those that the kernel sees on it. */
  readonly partitions: readonly string[]
}

export interface MetadataQuestion {
  readonly host: string
  readonly device: string
  readonly driver: Driver
  readonly nodeId: number
  /** For how many there is to be room. */
  readonly maxPeers: number
  /** Whether what the other nodes hold shows that the metadata are not of these data. */
  readonly isForeign?: boolean
  readonly facts: DeviceFacts
  /** `host:device` of what may be destroyed, from inventory and command line. */
  readonly consent: ReadonlySet<string>
}

export type MetadataDecision =
  /** `wipe`: first with wipefs and zeros, as consented; create-md itself is never forced. */
  | { readonly kind: 'make'; readonly wipe: boolean }
  | { readonly kind: 'keep'; readonly why: string }
  | {
      readonly kind: 'refused'
      readonly reason: string
      /** What lives there, in words; empty when that is not known. */
      readonly lives: string
      /** What to add to the command line, where consent would help. */
      readonly add: string | undefined
      /** What to do where consent would not help. */
      readonly remedy?: string
    }

/**
 * Whether create-md may run on a disk. Metadata of this volume are kept, consent or not, unless they are known to be of
 * other data: a consent outlives the run that it was given for, and must not destroy what that run built. What is in use is never touched.
 */
export function decideMetadata({
  host,
  device,
  driver,
  nodeId,
  maxPeers,
  isForeign = false,
  facts,
  consent,
}: MetadataQuestion): MetadataDecision {
  const { content, metadata } = facts
  if (facts.attached) return { kind: 'keep', why: 'DRBD has the disk attached' }
  const uses = [
    ...facts.mounts.map((mount) => `mounted on ${mount}`),
    ...(facts.swap ? ['swap in use'] : []),
    ...facts.holders.map((holder) => `held by ${holder}`),
  ]
  const lives = [
    ...uses,
    ...(content.signatures.length === 0 ? [] : [shownSignatures(content.signatures)]),
    ...facts.partitions.map((partition) => `partition ${partition}`),
    ...(facts.otherData ? ['data of a kind that is not known'] : []),
  ].join('; ')
  const refused = (reason: string, remedy?: string): MetadataDecision => ({
    kind: 'refused',
    reason,
    lives,
    add: remedy === undefined ? `--destroy ${host}:${device}` : undefined,
    ...(remedy === undefined ? {} : { remedy }),
  })
  if (uses.length > 0)
    return refused(
      `${device} of ${host} is in use`,
      'Take it out of use first (umount, swapoff, vgchange -an, mdadm --stop), or name another device.',
    )
  if (content.unreadable !== undefined) {
    return refused(
      `what is on ${device} of ${host} could not be told (${content.unreadable})`,
      'See why (dmesg, blkid -p); what cannot be read is not written to.',
    )
  }
  if (metadata.kind === 'unknown') {
    return refused(
      `the DRBD metadata on ${device} of ${host} could not be told (${metadata.said})`,
      'See what `drbdmeta … dump-md` says of it; what cannot be read is not written to.',
    )
  }
  const format = driver === '9' ? 'v09' : 'v08'
  const drbd = content.signatures.find(({ type }) => type === 'drbd')
  if (metadata.kind !== 'none') {
    const foundId = metadata.kind === 'unread' ? undefined : metadata.nodeId
    // Fresh ones are of no data at all: made by this very run, or by one before it.
    const isOfOthers = isForeign && metadata.kind !== 'just-created'
    const foreign =
      isOfOthers || (metadata.format ?? format) !== format || (foundId !== undefined && foundId !== nodeId)
    if (!foreign && facts.slots !== undefined && facts.slots < maxPeers) {
      return refused(
        `the DRBD metadata on ${device} of ${host} have room for ${facts.slots} peers, not ${maxPeers}`,
        'Room for peers cannot be added in place: keep max_peers as it was, or move the data off and make them anew.',
      )
    }
    if (!foreign) return { kind: 'keep', why: 'its metadata are there' }
  }
  const blank =
    metadata.kind === 'none' &&
    content.signatures.length === 0 &&
    facts.partitions.length === 0 &&
    !facts.otherData
  if (blank) return { kind: 'make', wipe: false }
  if (consent.has(`${host}:${device}`)) return { kind: 'make', wipe: true }
  if (drbd !== undefined || metadata.kind !== 'none') {
    // dump-md in one format says "none" of metadata in another; a node id of another place is another resource's.
    return refused(`${device} of ${host} has DRBD metadata of another node, resource or format`)
  }
  return refused(`${device} of ${host} is not blank`)
}
