import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quote } from '../../../src/shell/quote.ts'

describe.each([
  ['dash', ['dash']],
  ['bash', ['bash']],
  ['bash in POSIX mode', ['bash', '--posix']],
])('%s', (_, [shell = '', ...options]) => {
  /** What a shell makes of quoted words, each ended by a NUL. */
  const understood = (words: readonly string[]): string[] => {
    const script = `printf '%s\\0' ${words.map(quote).join(' ')}`
    return spawnSync(shell, [...options, '-c', script], { encoding: 'utf8' })
      .stdout.split('\0')
      .slice(0, -1)
  }

  test.each([
    [''],
    [' '],
    ["'"],
    ["''"],
    ['\\'],
    ['$HOME `id` $(id)'],
    ['a\nb'],
    ['*?[a]~'],
    ['-n'],
    ['!x'],
    ['é☃'],
  ])('reads back %j', (word) => {
    expect(understood([word])).toEqual([word])
  })

  test('reads back any words', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\0', ''))
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 50 }), (words) => {
        expect(understood(words)).toEqual(words)
      }),
      { numRuns: 30 },
    )
  })
})

test('leaves alone what needs no quotes', () => {
  expect(['/etc/hosts', 'a=b', '50%', 'user@host:22'].map(quote)).toEqual([
    '/etc/hosts',
    'a=b',
    '50%',
    'user@host:22',
  ])
})
