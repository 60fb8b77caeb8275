import { ownLines } from '../connected.ts'
import type { DrbdResource } from '../resource_schema.ts'

/** What the kernel of one node wrote down about a resource, in its own words for times; undefined where it did not. */
export interface KernelStory {
  /** When it last became primary, and when it last ceased to be. */
  readonly promoted: string | undefined
  readonly demoted: string | undefined
  /** When it last lost sight of a peer. */
  readonly disconnected: string | undefined
  /** When it last began a generation of its own. */
  readonly newGeneration: string | undefined
  /** When the kernel last said that the data are split. */
  readonly splitBrain: string | undefined
}

/** Asks a node's journal, of all boots, or else its kernel, of this one; times are UTC, so that those of two nodes compare. */
export const KERNEL_LOG = `timeout 60 journalctl _TRANSPORT=kernel --since '30 days ago' -o short-iso --utc --no-pager -q 2>/dev/null | grep -w 'drbd[0-9]*' | tail -n 2000 | grep . ||
  TZ=UTC dmesg -T 2>/dev/null | grep -w 'drbd[0-9]*' | tail -n 2000 || :`

/** Pure: reads {@link KERNEL_LOG}. */
export function kernelStory(resource: Pick<DrbdResource, 'name' | 'volumes'>, log: string): KernelStory {
  const lines = ownLines(resource, log)
  const last = (says: RegExp): string | undefined => {
    const line = lines.findLast((one) => says.test(one))
    return line === undefined ? undefined : timeOf(line)
  }
  return {
    promoted: last(/role\( \w+ -> Primary \)/),
    demoted: last(/role\( Primary -> \w+ \)/),
    disconnected: last(/conn\( (?:Connected|SyncSource|SyncTarget) -> /),
    newGeneration: last(/new current UUID/),
    splitBrain: last(/Split-Brain detected/),
  }
}

/** `2026-11-21T22:03:32+0000 host kernel: …` or `[Sat Nov 21 22:03:32 2026] …` */
function timeOf(line: string): string {
  const bracketed = /^\[([^\]]+)\]/.exec(line)?.[1]
  if (bracketed !== undefined) {
    const at = Date.parse(`${bracketed} UTC`)
    return Number.isNaN(at) ? UNKNOWN : new Date(at).toISOString().slice(0, 19).replace('T', ' ')
  }
  const plain = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(line)
  return plain === null ? UNKNOWN : `${plain[1]} ${plain[2]}`
}

const UNKNOWN = 'at an unknown time'
