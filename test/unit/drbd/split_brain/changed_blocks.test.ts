import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dumpReader, wholeVolume } from '../../../../src/drbd/split_brain/changed_blocks.ts'
import type { ChangedBlocks } from '../../../../src/drbd/split_brain/changed_blocks.ts'

/** Bits were set with drbdmeta's restore-md on a loop device, and its dump-md (9.22) recorded. */
const recorded = (name: string): string =>
  readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8')

function read(dump: string, peers: readonly number[] = [0]): ChangedBlocks | undefined {
  const reader = dumpReader(peers)
  for (const line of dump.split('\n')) reader.line(line)
  return reader.end()
}

const KIB = 1024
/** First block and count as a range of bytes. */
const blocks = (first: number, count: number) => ({ offset: first * 4 * KIB, length: count * 4 * KIB })

describe('what drbdmeta printed', () => {
  test.for([
    {
      name: 'v08',
      peers: [0],
      ranges: [blocks(0, 1), blocks(5, 3), blocks(64, 700), blocks(2048, 6000)],
    },
    { name: 'v09.three', peers: [2], ranges: [blocks(0, 1), blocks(16000, 1)] },
    {
      name: 'v09.three',
      peers: [0],
      ranges: [blocks(0, 2), blocks(5, 3), blocks(64, 700), blocks(2048, 6000)],
    },
    {
      name: 'v09.three',
      peers: [0, 2],
      ranges: [blocks(0, 2), blocks(5, 3), blocks(64, 700), blocks(2048, 6000), blocks(16000, 1)],
    },
  ])('$name, peers $peers', ({ name, peers, ranges }) => {
    const size = 130000 * 512
    // The volume ends in the middle of a block, and the bitmap was set up to there.
    const end = { offset: 16248 * 4 * KIB, length: size - 16248 * 4 * KIB }
    const all = peers.includes(0) ? [...ranges, end] : ranges
    const bytes = all.reduce((sum, { length }) => sum + length, 0)
    expect(read(recorded(name), peers)).toEqual({ ranges: all, bytes, size })
  })

  test.for(['v09', 'v08.large'])('%s, with long runs, which say `times`', (name) => {
    const size = 8388000 * 512
    const ranges = [
      blocks(1, 1),
      blocks(70, 300000),
      blocks(524288, 1),
      { offset: 1048000 * 4 * KIB, length: size - 1048000 * 4 * KIB },
    ]
    expect(read(recorded(name))).toMatchObject({ ranges, size })
  })

  test('is not to be trusted where its activity log was not applied', () => {
    expect(recorded('v08.unclean')).toContain('unclean')
    expect(read(recorded('v08.unclean'))).toBeUndefined()
  })

  test('of no use where it has no bitmap of the peer', () => {
    expect(read(recorded('v09'), [1])).toBeUndefined()
    expect(read(recorded('v09.three'), [0, 1])).toBeUndefined()
  })

  test('of no use where it ends too early, wherever that is', () => {
    const dump = recorded('v09.three')
    const last = dump.lastIndexOf('# bits-set')
    for (let at = 0; at < last; at += 37) expect(read(dump.slice(0, at), [0])).toBeUndefined()
  })

  test('of no use where a bit was lost on the way', () => {
    expect(read(recorded('v08').replace('0x00000000000000E1;', '0x00000000000000E0;'))).toBeUndefined()
  })

  test('with nothing that differs', () => {
    const dump = recorded('v08')
      .replace(/^bm \{[^}]*\}/m, 'bm {\n   # at 0kB\n    256 times 0x0000000000000000;\n}')
      .replace(/bits-set \d+/, 'bits-set 0')
    expect(read(dump)).toEqual({ ranges: [], bytes: 0, size: 130000 * 512 })
  })
})

/** As drbdmeta.c prints a bitmap (fprintf_bm), of 64 bits each: rows of four, runs of more than four equal ones in one. */
function printed(words: readonly bigint[]): string {
  const lines: string[] = []
  const hex = (word: bigint) => `0x${word.toString(16).toUpperCase().padStart(16, '0')};`
  for (let at = 0; at < words.length;) {
    let same = 1
    while (at + same < words.length && words[at + same] === words[at]) same += 1
    const run = same - (same % 4)
    if (run > 4) lines.push(`    ${run} times ${hex(words[at]!)}`)
    else
      lines.push(
        `    ${words
          .slice(at, at + 4)
          .map(hex)
          .join(' ')}`,
      )
    at += run > 4 ? run : 4
  }
  return lines.join('\n')
}

test('every block whose bit is set is in one range, and no other', () => {
  const aWord = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0n, 2n ** 64n - 1n) },
    { weight: 1, arbitrary: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
  )
  const someWords = fc
    .array(fc.tuple(aWord, fc.integer({ min: 1, max: 12 })), { maxLength: 12 })
    .map((runs) => runs.flatMap(([word, times]) => Array.from({ length: times }, () => word)))
  const options = fc.record({
    a: someWords,
    b: someWords,
    bytesPerBit: fc.constantFrom(4096, 65536),
    less: fc.nat(40),
  })
  fc.assert(
    fc.property(options, ({ a, b, bytesPerBit, less }) => {
      const count = Math.max(a.length, b.length, 1)
      const filled = [a, b].map((words) => [
        ...words,
        ...Array.from({ length: count - words.length }, () => 0n),
      ])
      const size = count * 64 * bytesPerBit - less * 512
      const bitsOf = (words: readonly bigint[]) =>
        words.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0)
      const dump = [
        'version "v09";',
        'peer[0] {',
        '    bitmap-index 1;',
        '}',
        'peer[3] {',
        '    bitmap-index 0;',
        '}',
        `la-size-sect ${size / 512};`,
        `bm-byte-per-bit ${bytesPerBit};`,
        ...filled.map((words, slot) => `bitmap[${slot}] {\n   # at 0kB\n${printed(words)}\n}`),
        `# bits-set ${bitsOf(filled[1]!)};`,
      ].join('\n')
      const found = read(dump, [0, 3])!
      const isSet = (block: number) =>
        block * bytesPerBit < size &&
        filled.some((words) => ((words[Math.floor(block / 64)]! >> BigInt(block % 64)) & 1n) === 1n)
      const named = found.ranges.flatMap(({ offset, length }) =>
        Array.from({ length: Math.ceil(length / bytesPerBit) }, (_, at) => offset / bytesPerBit + at),
      )
      expect(named).toEqual(Array.from({ length: count * 64 }, (_, block) => block).filter(isSet))
      for (const [index, { offset, length }] of found.ranges.entries()) {
        expect(length).toBeGreaterThan(0)
        expect(offset + length).toBeLessThanOrEqual(found.ranges[index + 1]?.offset ?? size)
      }
      expect(found.bytes).toBe(found.ranges.reduce((sum, { length }) => sum + length, 0))
    }),
    { numRuns: 300 },
  )
})

test('all of a volume', () => {
  const found = read(recorded('v08'))!
  expect(wholeVolume(found)).toEqual({
    ranges: [{ offset: 0, length: 66560000 }],
    bytes: 66560000,
    size: 66560000,
  })
})
