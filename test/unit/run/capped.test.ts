import fc from 'fast-check'
import { expect, test } from 'vitest'
import { capped } from '../../../src/run/capped.ts'

test('a text that fits is kept as it is', () => {
  expect(capped('ten bytes!', 10)).toBe('ten bytes!')
})

test('of one that does not, head and tail are kept, and what is missing is counted', () => {
  expect(capped('0123456789abcdef', 8)).toBe('0123\n… 8 bytes left out …\ncdef')
  expect(capped('öööööööö', 6)).toBe('ö\n… 10 bytes left out …\nöö')
})

test('no character is cut in two, and nothing is lost that is not counted', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.integer({ min: 8, max: 40 }),
      (text, most) => {
        const kept = capped(text, most)
        if (kept === text) {
          expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most)
          return
        }
        const [, head = '', left, tail = ''] = /^([^]*)\n… (\d+) bytes left out …\n([^]*)$/.exec(kept) ?? []
        expect(text.startsWith(head) && text.endsWith(tail)).toBe(true)
        expect(Buffer.byteLength(head + tail) + Number(left)).toBe(Buffer.byteLength(text))
        expect(Buffer.byteLength(head + tail)).toBeLessThanOrEqual(most + 4)
      },
    ),
  )
})
