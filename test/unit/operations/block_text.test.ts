import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { marksOf, putBlock, removeBlock } from '../../../src/operations/block_text.ts'

const marks = marksOf('vip', ['#'])
const put = (text: string, block: string, anchor = {}) =>
  putBlock(text, { path: '/etc/x', marks, block, ...anchor })

describe('putBlock', () => {
  test('puts it at the end, replaces it where it is, and takes it out again', () => {
    const once = put('first\n', 'a\nb\n')
    expect(once).toMatchInlineSnapshot(`
      "first
      # BEGIN bringup vip
      a
      b
      # END bringup vip
      "
    `)
    const moved = `${once}last\n`
    expect(put(moved, 'c')).toBe('first\n# BEGIN bringup vip\nc\n# END bringup vip\nlast\n')
    expect(removeBlock(moved, '/etc/x', marks)).toBe('first\nlast\n')
  })

  test('an empty block is its marks', () => {
    expect(put('', '')).toBe('# BEGIN bringup vip\n# END bringup vip\n')
  })

  test('a pair of comment signs', () => {
    expect(marksOf('a b', ['<!--', '-->'])).toEqual({
      begin: '<!-- BEGIN bringup a b -->',
      end: '<!-- END bringup a b -->',
    })
  })

  test.each([
    ['no end', '# BEGIN bringup vip\na\n', 'marks on line 1'],
    ['no begin', 'a\n# END bringup vip\n', 'marks on line 2'],
    ['turned round', '# END bringup vip\n# BEGIN bringup vip\n', 'marks on lines 1, 2'],
    [
      'twice',
      '# BEGIN bringup vip\n# END bringup vip\n# BEGIN bringup vip\n# END bringup vip\n',
      'marks on lines 1, 2, 3, 4',
    ],
  ])('refuses broken marks: %s', (_, text, seen) => {
    const broken = expect.objectContaining({
      code: 'REFUSED',
      details: expect.objectContaining({ seen }) as unknown,
    })
    expect(() => put(text, 'x')).toThrow(broken)
    expect(() => removeBlock(text, '/etc/x', marks)).toThrow(broken)
  })

  test('twice is once, and the rest stays', () => {
    const lines = fc
      .array(fc.constantFrom('a', '', '# x', 'b'))
      .map((all) => all.map((one) => `${one}\n`).join(''))
    const end = fc.constantFrom('\n', '\r\n')
    fc.assert(
      fc.property(lines, lines, end, fc.boolean(), (text, block, eol, cut) => {
        const before = text.replaceAll('\n', eol).slice(0, cut ? -eol.length : undefined)
        const once = put(before, block)
        expect(put(once, block)).toBe(once)
        expect(removeBlock(once, '/etc/x', marks).trimEnd()).toBe(before.trimEnd())
      }),
    )
  })
})
