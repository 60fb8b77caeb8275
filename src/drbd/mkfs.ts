import type { DeviceContent } from './status/device_content.ts'
import { shownSignatures } from './status/device_content.ts'

export type MkfsDecision =
  | { readonly kind: 'make' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy: string }

/**
 * Whether mkfs may run on a DRBD device: only where no signature is at all. No consent makes a file system over
 * something here, since what stands on a replicated device stands there on all nodes.
 *
 * @param wanted the type as blkid names it: `ext4`, `xfs`
 */
export function decideMkfs(
  device: string,
  wanted: string,
  { content, mounts }: { content: DeviceContent; mounts: readonly string[] },
): MkfsDecision {
  if (content.unreadable !== undefined) {
    return {
      kind: 'refused',
      reason: `what is on ${device} could not be told (${content.unreadable})`,
      remedy: 'See that this node is primary and the device can be read.',
    }
  }
  const [first, ...more] = content.signatures
  if (first?.type === wanted && more.length === 0) return { kind: 'keep' }
  if (first === undefined && mounts.length === 0) return { kind: 'make' }
  return {
    kind: 'refused',
    reason:
      first === undefined
        ? `${device} is mounted on ${mounts.join(', ')}`
        : `${device} holds ${shownSignatures(content.signatures)}, not ${wanted}`,
    remedy:
      'Name the file system that is there, or empty the device by hand when nobody needs what it holds.',
  }
}
