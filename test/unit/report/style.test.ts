import { describe, expect, test } from 'vitest'
import { duration, printable } from '../../../src/report/style.ts'

describe('text of a host', () => {
  test.each([
    ['plain', 'öl\tund\n“more”', 'öl\tund\n“more”'],
    ['that would move the cursor', 'a\u001B[2Jb\u0007', 'a^[[2Jb^G'],
    ['that would delete', 'a\u007Fb\u0000', 'a^?b^@'],
    ['with controls of eight bits', 'a\u009B31mb', 'a�31mb'],
    ['of a progress bar', '10%\r20%\r30%', '10%\n20%\n30%'],
    ['of a file with other line ends', 'a\r\nb\r', 'a^M\nb^M'],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })
})

test.each([
  [20, '0.02 s'],
  [1234, '1.2 s'],
  [12_400, '12 s'],
  [185_000, '3 min 05 s'],
])('%i ms are %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text)
})
