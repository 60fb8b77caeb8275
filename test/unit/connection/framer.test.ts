import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFramer } from '../../../src/connection/framer.ts'

const NONCE = '00112233445566778899aabbccddeeff'

type Piece = { bytes: string } | { mark: string }

/** Feeds a stream in chunks that end at `cuts`, and gives what was found, neighbouring bytes joined. */
function framed(stream: Buffer, cuts: readonly number[]): Piece[] {
  const found: Piece[] = []
  const framer = createFramer(NONCE, {
    bytes(chunk) {
      const last = found.at(-1)
      const text = chunk.toString('latin1')
      if (last !== undefined && 'bytes' in last) last.bytes += text
      else found.push({ bytes: text })
    },
    mark: (text) => void found.push({ mark: text }),
  })
  const ends = [...cuts, stream.length].toSorted((a, b) => a - b)
  let from = 0
  for (const end of ends) {
    framer.push(stream.subarray(from, end))
    from = end
  }
  framer.end()
  return found
}

test('finds marks between any bytes, however the stream is cut', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array)),
    // The beginning of a nonce, which must not be taken for one.
    fc.integer({ min: 0, max: 31 }).map((length) => Buffer.from(NONCE.slice(0, length))),
  )
  const mark = fc.stringMatching(/^[a-z0-9 ]{0,20}$/).map((text) => text.trim())
  fc.assert(
    fc.property(
      fc.array(fc.tuple(bytes, mark), { maxLength: 6 }),
      bytes,
      fc.array(fc.nat()),
      (pairs, tail, cuts) => {
        const stream = Buffer.concat([
          ...pairs.flatMap(([body, text]) => [body, Buffer.from(`${NONCE} ${text}\n`)]),
          tail,
        ])
        const expected: Piece[] = [...pairs, [tail, null] as const].flatMap(([body, text]) => [
          ...(body.length === 0 ? [] : [{ bytes: body.toString('latin1') }]),
          ...(text === null ? [] : [{ mark: text }]),
        ])
        expect(
          framed(
            stream,
            cuts.map((cut) => cut % (stream.length + 1)),
          ),
        ).toEqual(expected)
      },
    ),
    { numRuns: 500 },
  )
})

test('gives bytes out as they come, all but what a nonce could begin in', () => {
  const chunks: number[] = []
  const framer = createFramer(NONCE, { bytes: (chunk) => void chunks.push(chunk.length), mark: () => {} })
  framer.push(Buffer.alloc(1000))
  expect(chunks).toEqual([1000 - 31])
})
