import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { painter } from '../../../src/report/style.ts'
import { wrapped } from '../../../src/report/wrap.ts'

test('what goes on stands under what it belongs to', () => {
  const text = [
    '✗ DRBD of server1, server2: something is wrong',
    '  ✗ r0 is suspended on server1: what reads or writes there hangs',
    '      next  Mend that. Or do it by hand: drbdadm resume-io r0',
    '  resources  vip  ocf:heartbeat:IPaddr2  server1',
    '',
  ].join('\n')
  expect(wrapped(text, 36)).toMatchInlineSnapshot(`
    "✗ DRBD of server1, server2:
      something is wrong
      ✗ r0 is suspended on server1: what
        reads or writes there hangs
          next  Mend that. Or do it by
                hand: drbdadm resume-io
                r0
      resources  vip
                 ocf:heartbeat:IPaddr2
                 server1
    "
  `)
})

test('a word that is too long is broken; a line that fits stays as it is', () => {
  expect(wrapped('abcdefghijklmnop', 10)).toBe('abcdefghij\nklmnop')
  expect(wrapped('  a   b  c', 10)).toBe('  a   b  c')
})

const words = fc.array(fc.stringMatching(/^[a-z✗:/]{1,30}$/), { minLength: 1, maxLength: 30 })

test('no line is wider than the terminal, and no letter is lost, coloured or not', () => {
  fc.assert(
    fc.property(
      words,
      fc.integer({ min: 10, max: 100 }),
      fc.nat(20),
      fc.boolean(),
      (some, columns, margin, colour) => {
        const paint = painter(colour)
        const line =
          ' '.repeat(margin) +
          some.map((word, index) => (index % 3 === 0 ? paint('red', word) : word)).join(' ')
        const lines = wrapped(line, columns).split('\n').map(stripVTControlCharacters)
        for (const one of lines) expect(one.length).toBeLessThanOrEqual(columns)
        expect(lines.join('').replaceAll(' ', '')).toBe(some.join(''))
      },
    ),
  )
})
