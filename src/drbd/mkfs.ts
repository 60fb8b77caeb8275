import type { DeviceContent } from './status/device_content.ts'
import { shownSignatures } from './status/device_content.ts'

export interface MkfsQuestion {
  readonly device: string
  /** The type as blkid names it: `ext4`, `xfs`. */
  readonly wanted: string
  readonly content: DeviceContent
  /** Whether bytes other than 0 were seen where no signature explains them. */
  readonly otherData: boolean
  /** Who uses it now, in words. */
  readonly uses: readonly string[]
  /** Partitions that the kernel sees on it. */
  readonly partitions: readonly string[]
  readonly consented: boolean
  /** Why DRBD lets nobody write to it on this node; undefined where it does, or where it is no DRBD device. */
  readonly notHere: string | undefined
}

export type MkfsDecision =
  | { readonly kind: 'make'; readonly wipe: boolean }
  | { readonly kind: 'keep' }
  | {
      readonly kind: 'refused'
      readonly reason: string
      /** Undefined where consent by host and device helps. */
      readonly remedy: string | undefined
    }

/**
 * Whether mkfs may run on a device: only where nothing is, or where the operator consented to lose what is. A file
 * system of the wanted type is kept, consent or not: a consent outlives the run that it was given for.
 */
export function decideMkfs(question: MkfsQuestion): MkfsDecision {
  const { device, wanted, content, otherData, uses, partitions, consented, notHere } = question
  const refused = (reason: string, remedy?: string): MkfsDecision => ({ kind: 'refused', reason, remedy })
  if (content.unreadable !== undefined) {
    return refused(
      `what is on ${device} could not be told (${content.unreadable})`,
      'See why (dmesg, blkid -p); what cannot be read is not written to.',
    )
  }
  const [first, ...more] = content.signatures
  if (first?.type === wanted && more.length === 0) return { kind: 'keep' }
  if (uses.length > 0) {
    return refused(
      `${device} is in use: ${uses.join(', ')}`,
      'Take it out of use first, or name another device.',
    )
  }
  if (notHere !== undefined) {
    return refused(
      `${device} cannot be written to here: ${notHere}`,
      'Have it made on the primary, or wait until there can be one.',
    )
  }
  const blank = first === undefined && partitions.length === 0 && !otherData
  if (blank) return { kind: 'make', wipe: false }
  if (consented) return { kind: 'make', wipe: true }
  const holds = [
    ...(first === undefined ? [] : [shownSignatures(content.signatures)]),
    ...partitions.map((partition) => `partition ${partition}`),
    ...(otherData ? ['data of a kind that is not known'] : []),
  ]
  return refused(`${device} holds ${holds.join(', ')}, not ${wanted}`)
}
