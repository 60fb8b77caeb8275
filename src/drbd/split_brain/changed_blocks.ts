import type { Bytes } from '../../connection/remote.ts'

/** Bytes that follow one another on a disk. */
export interface Range {
  readonly offset: Bytes
  readonly length: Bytes
}

/** What a node's bitmaps say that its peers lack. */
export interface ChangedBlocks {
  /** In order; none overlap, none touch. */
  readonly ranges: readonly Range[]
  /** What all of them hold. */
  readonly bytes: Bytes
  /** Of the volume that the bitmaps are about. */
  readonly size: Bytes
}

/** Takes the lines of a dump, one after the other. */
export interface DumpReader {
  line(text: string): void
  /** @returns undefined where the dump is cut off or unclean, or has no bitmap of one of the peers */
  end(): ChangedBlocks | undefined
}

/**
 * Reads the bitmaps in what `drbdmeta … dump-md` prints, v08 and v09: which blocks were written here since the peers went away.
 * A word has 64 bits, the lowest of which is the first block; `16 times 0x…;` is a run of equal ones (drbdmeta.c, fprintf_bm).
 * v09 keeps one bitmap for each peer, in a slot that `bitmap-index` names; what any of the peers lacks counts.
 *
 * @param peers node ids; v08 has no others than the one peer
 */
export function dumpReader(peers: readonly number[]): DumpReader {
  const slots = new Map<number, number>()
  const bitmaps = new Map<number, Bitmap>()
  let version: string | undefined
  let sectors = Number.NaN
  let bytesPerBit = Number.NaN
  let node: number | undefined
  let last: Bitmap | undefined
  let isInside = false
  let isClean = true
  let isWhole = false

  return {
    line(text) {
      const open = /^(?:bm|bitmap\[(\d+)\]) \{/.exec(text)
      if (open !== null) {
        last = createBitmap()
        bitmaps.set(Number(open[1] ?? 0), last)
        isInside = true
      } else if (isInside) {
        if (text.startsWith('}')) isInside = false
        for (const [, times, high = '', low = ''] of text.matchAll(WORD))
          last?.word(Number.parseInt(low, 16), Number.parseInt(high, 16), Number(times ?? 1))
      } else {
        version ??= /^version "(v\d+)";/.exec(text)?.[1]
        isClean &&= !text.startsWith('This_is_an_unclean_meta_data_dump')
        const peer = /^peer\[(\d+)\] \{/.exec(text)?.[1]
        if (peer !== undefined) node = Number(peer)
        const index = /^\s+bitmap-index (-?\d+);/.exec(text)?.[1]
        if (index !== undefined && node !== undefined && Number(index) >= 0) slots.set(node, Number(index))
        sectors = numberIn(text, 'la-size-sect') ?? sectors
        bytesPerBit = numberIn(text, 'bm-byte-per-bit') ?? bytesPerBit
        // The last line. It counts the last of several bitmaps, as an unsigned number of 32 bits.
        const count = /^# bits-set (\d+);/.exec(text)?.[1]
        isWhole ||= count !== undefined && last !== undefined && last.bits % 2 ** 32 === Number(count)
      }
    },
    end() {
      if (!isWhole || !isClean || version === undefined || !(sectors >= 0) || !(bytesPerBit > 0))
        return undefined
      const wanted = (version === 'v08' ? [0] : peers.map((peer) => slots.get(peer))).map(
        (slot) => slot !== undefined && bitmaps.get(slot),
      )
      if (!wanted.every((one) => typeof one === 'object')) return undefined
      return blocksOf(
        wanted.flatMap(({ runs }) => runs),
        bytesPerBit,
        sectors * 512,
      )
    },
  }
}

const WORD = /(?:(\d+) times )?0x([0-9A-F]{8})([0-9A-F]{8});/g

interface Run {
  first: number
  count: number
}

interface Bitmap {
  /** Blocks that differ, in order. */
  readonly runs: readonly Run[]
  /** How many of them. */
  readonly bits: number
  word(low: number, high: number, times: number): void
}

function createBitmap(): Bitmap {
  const runs: Run[] = []
  let next = 0
  let bits = 0
  const add = (first: number, count: number): void => {
    bits += count
    const last = runs.at(-1)
    if (last !== undefined && last.first + last.count === first) last.count += count
    else runs.push({ first, count })
  }
  const half = (value: number, first: number): void => {
    for (let bit = 0; bit < 32; bit += 1) if ((value >>> bit) & 1) add(first + bit, 1)
  }
  return {
    runs,
    get bits() {
      return bits
    },
    word(low, high, times) {
      const first = next
      next += 64 * times
      if (low === FULL && high === FULL) return add(first, 64 * times)
      if (low === 0 && high === 0) return
      for (let time = 0; time < times; time += 1) {
        half(low, first + 64 * time)
        half(high, first + 64 * time + 32)
      }
    },
  }
}

const FULL = 0xffff_ffff

const numberIn = (text: string, key: string): number | undefined => {
  const found = text.startsWith(`${key} `) ? /^\S+ (\d+);/.exec(text)?.[1] : undefined
  return found === undefined ? undefined : Number(found)
}

/** Runs of several bitmaps, in any order, as ranges that end with the volume. */
function blocksOf(runs: readonly Run[], bytesPerBit: Bytes, size: Bytes): ChangedBlocks {
  const ranges: { offset: Bytes; length: Bytes }[] = []
  for (const { first, count } of runs.toSorted((a, b) => a.first - b.first)) {
    const offset = first * bytesPerBit
    const end = Math.min((first + count) * bytesPerBit, size)
    const last = ranges.at(-1)
    if (last !== undefined && offset <= last.offset + last.length)
      last.length = Math.max(last.length, end - last.offset)
    else if (end > offset) ranges.push({ offset, length: end - offset })
  }
  return { ranges, bytes: ranges.reduce((sum, { length }) => sum + length, 0), size }
}

/** The whole volume, as far as its metadata tell its size. */
export function wholeVolume({ size }: ChangedBlocks): ChangedBlocks {
  return { ranges: [{ offset: 0, length: size }], bytes: size, size }
}
