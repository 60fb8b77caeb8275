import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addLine, removeLine } from '../../../src/operations/line_text.ts'
import type { WantedLine } from '../../../src/operations/line_text.ts'

type Call = Partial<WantedLine> & { line: string }
const add = (text: string, want: Call) => addLine(text, { path: '/etc/x', duplicates: 'refuse', ...want })

describe('addLine', () => {
  test.each<[string, string, Call, string]>([
    ['a line that is there stays where it is', 'a\nb\n', { line: 'a' }, 'a\nb\n'],
    ['a new one goes to the end', 'a\n', { line: 'b' }, 'a\nb\n'],
    ['the last line gets the end that it lacks', 'a', { line: 'b' }, 'a\nb\n'],
    ['but not when nothing is added', 'a\nb', { line: 'b' }, 'a\nb'],
    ['an empty file', '', { line: 'b' }, 'b\n'],
    ['CRLF stays CRLF', 'a\r\n', { line: 'b' }, 'a\r\nb\r\n'],
    ['and is no difference', 'a\r\nb\r\n', { line: 'b' }, 'a\r\nb\r\n'],
    ['the one that matches is replaced', '#X a\ny\n', { line: 'X b', match: /^#?X / }, 'X b\ny\n'],
    ['keeping its line end', 'y\r\n#X a', { line: 'X b', match: /^#?X / }, 'y\r\nX b'],
    ['none matches: inserted', 'y\n', { line: 'X b', match: /^#?X / }, 'y\nX b\n'],
    ['none matches, and it is there', 'X b\n', { line: 'X b', match: /^#X / }, 'X b\n'],
    ['behind the last anchor', 'a1\na2\nb\n', { line: 'n', insertAfter: /^a/ }, 'a1\na2\nn\nb\n'],
    ['before the first anchor', 'b\na1\na2\n', { line: 'n', insertBefore: /^a/ }, 'b\nn\na1\na2\n'],
    ['an anchor in an empty file is no error', '', { line: 'n', insertAfter: /^a/ }, 'n\n'],
    ['behind a last line without end', 'a', { line: 'n', insertAfter: /^a/ }, 'a\nn\n'],
    ['several, one kept', '#X\nX 1\nX 2\n', { line: 'X 2', match: /X/, duplicates: 'remove' }, 'X 2\n'],
    ['a global pattern', 'X 1\ny\n', { line: 'X 2', match: /X/g }, 'X 2\ny\n'],
  ])('%s', (_, text, want, after) => {
    expect(add(text, want)).toBe(after)
  })

  test.each<[string, string, Call, string]>([
    [
      'several lines match',
      '#X a\nX b\n',
      { line: 'X c', match: /^#?X/ },
      'lines 1, 2 of /etc/x are all what is to be one line',
    ],
    [
      'one is right, and another matches',
      'X a\nX c\n',
      { line: 'X c', match: /^#?X/ },
      'lines 1, 2 of /etc/x are all what is to be one line',
    ],
    [
      'the anchor is nowhere',
      'b\n',
      { line: 'n', insertAfter: /^a/ },
      'no line of /etc/x matches /^a/, where to insert',
    ],
  ])('refuses to guess where %s', (_, text, want, message) => {
    expect(() => add(text, want)).toThrow(expect.objectContaining({ code: 'REFUSED', message }))
  })

  test('twice is once, and keeps every other line', () => {
    fc.assert(
      fc.property(text, word, fc.option(pattern, { nil: undefined }), (before, line, match) => {
        const want = { line, duplicates: 'remove' as const, ...(match === undefined ? {} : { match }) }
        const once = add(before, want)
        expect(add(once, want)).toBe(once)
        expect(once.split(/\r?\n/)).toContain(line)
        const others = (all: string) =>
          all
            .split(/\r?\n/)
            .filter((one) => one !== '' && one !== line && (match === undefined || one.search(match) === -1))
        expect(others(once)).toEqual(others(before))
      }),
    )
  })
})

describe('removeLine', () => {
  test('takes all that are equal or match', () => {
    expect(removeLine('a\nb\na\nab\n', 'a', undefined)).toBe('b\nab\n')
    expect(removeLine('a\nb\r\nab', undefined, /^a/)).toBe('b\r\n')
    expect(removeLine('b\n', 'a', /c/)).toBe('b\n')
  })
})

const word = fc.constantFrom('a', 'b', '#a', 'ab', 'c d')
const pattern = fc.constantFrom(/^#?a$/, /b/, /c/g, /^x/)
const text = fc
  .tuple(fc.array(fc.oneof(word, fc.constant(''))), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ''))
