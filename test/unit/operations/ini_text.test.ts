import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findKey, readIni } from '../../../src/operations/ini_lines.ts'
import { removeSection, setKeys } from '../../../src/operations/ini_text.ts'
import type { IniTarget } from '../../../src/operations/ini_text.ts'
import { splitLines } from '../../../src/operations/text_lines.ts'

type Values = Record<string, string | null>
const set = (text: string, section: string | null, values: Values, rest: Partial<IniTarget> = {}) =>
  setKeys(text, { path: '/etc/x', section, duplicates: 'refuse', ...rest }, values)

describe('setKeys', () => {
  test.each<[string, string, string | null, Values, string]>([
    ['the value and no more', '; c\n[a]\n x  =  1\ny=2\n', 'a', { x: '3' }, '; c\n[a]\n x  =  3\ny=2\n'],
    ['nothing, when it is so already', '[a]\nx = 1  \n', 'a', { x: '1' }, '[a]\nx = 1  \n'],
    ['behind the last key, before the gap', '[a]\nx=1\n\n[b]\n', 'a', { y: '2' }, '[a]\nx=1\ny=2\n\n[b]\n'],
    ['as the neighbours write it', '[a]\nx = 1\n', 'a', { y: '2' }, '[a]\nx = 1\ny = 2\n'],
    [
      'as the neighbours indent it',
      '[core]\n\tbare = false\n',
      'core',
      { y: '2' },
      '[core]\n\tbare = false\n\ty = 2\n',
    ],
    ['with a colon', '[a]\nx: 1\n', 'a', { y: '2' }, '[a]\nx: 1\ny: 2\n'],
    ['behind its example', '[a]\n#y = 0\nx = 1\n', 'a', { y: '2' }, '[a]\n#y = 0\ny = 2\nx = 1\n'],
    ['in a new section', '[a]\nx=1\n', 'b', { y: '2' }, '[a]\nx=1\n\n[b]\ny=2\n'],
    ['in an empty file', '', 'b', { y: '2', z: '3' }, '[b]\ny=2\nz=3\n'],
    ['in an empty section', '[b]\n\n[a]\n', 'b', { y: '2' }, '[b]\ny=2\n\n[a]\n'],
    ['without section', '# c\nx=1\n\n[a]\nx=2\n', null, { x: '3', y: '4' }, '# c\nx=3\ny=4\n\n[a]\nx=2\n'],
    ['before the first section', '# c\n\n[a]\nx=2\n', null, { y: '4' }, '# c\ny=4\n\n[a]\nx=2\n'],
    ['only in its section', '[a]\nx=1\n[b]\nx=1\n', 'b', { x: '2' }, '[a]\nx=1\n[b]\nx=2\n'],
    [
      'in whichever of its sections it is',
      '[a]\nx=1\n[b]\n[a]\ny=1\n',
      'a',
      { x: '2' },
      '[a]\nx=2\n[b]\n[a]\ny=1\n',
    ],
    [
      'new ones in the last of them',
      '[a]\nx=1\n[b]\n[a]\ny=1\n',
      'a',
      { z: '2' },
      '[a]\nx=1\n[b]\n[a]\ny=1\nz=2\n',
    ],
    ['quoted as it was', '[a]\nx="1"\n', 'a', { x: '2' }, '[a]\nx="2"\n'],
    ['quotes are no difference', "[a]\nx='1'\n", 'a', { x: '1' }, "[a]\nx='1'\n"],
    ['one with quotes of its own', '[a]\nx=1\n', 'a', { x: '"2"' }, '[a]\nx="2"\n'],
    ['a value that goes on', '[a]\nx = 1\n    2\n  3\ny = 4\n', 'a', { x: '5' }, '[a]\nx = 5\ny = 4\n'],
    ['a value that goes on with a backslash', '[a]\nx=1 \\\n2\ny=4\n', 'a', { x: '5' }, '[a]\nx=5\ny=4\n'],
    ['not a key within a value', '[a]\nx=1 \\\ny=2\n', 'a', { y: '3' }, '[a]\nx=1 \\\ny=2\ny=3\n'],
    [
      'a key without value',
      '[mysqld]\nskip-networking\n',
      'mysqld',
      { 'skip-networking': '0' },
      '[mysqld]\nskip-networking=0\n',
    ],
    ['not a key that only begins so', '[a]\nxy=1\n', 'a', { x: '2' }, '[a]\nxy=1\nx=2\n'],
    [
      'a key with blanks',
      '[global]\nserver string = a\n',
      'global',
      { 'server string': 'b' },
      '[global]\nserver string = b\n',
    ],
    ['a key with signs', '[a]\na.*b=1\naxxb=1\n', 'a', { 'a.*b': '2' }, '[a]\na.*b=2\naxxb=1\n'],
    ['a header with a comment', '[a] # c\nx=1\n', 'a', { x: '2' }, '[a] # c\nx=2\n'],
    ['CRLF stays', '[a]\r\nx=1\r\n', 'a', { x: '2', y: '3' }, '[a]\r\nx=2\r\ny=3\r\n'],
    ['a missing last line end stays missing', '[a]\nx=1', 'a', { x: '2' }, '[a]\nx=2'],
    ['but is added before a new line', '[a]\nx=1', 'a', { y: '2' }, '[a]\nx=1\ny=2\n'],
    ['removes', '[a]\nx=1\n  2\n# c\ny=3\nx=4\n', 'a', { x: null }, '[a]\n# c\ny=3\n'],
    ['removes nothing where there is none', '[a]\n', 'b', { x: null }, '[a]\n'],
    ['an empty value', '[Service]\nExecStart=/a\n', 'Service', { ExecStart: '' }, '[Service]\nExecStart=\n'],
  ])('sets %s', (_, text, section, values, after) => {
    expect(set(text, section, values)).toBe(after)
  })

  test('quotes as asked for', () => {
    expect(set('x=1\n', null, { x: '1', y: ' 2' }, { quote: '"' })).toBe('x="1"\ny=" 2"\n')
    expect(set('x="1"\n', null, { x: '1' }, { quote: '' })).toBe('x=1\n')
  })

  test('refuses to guess which of several counts', () => {
    expect(() => set('[a]\nx=1\n[a]\nx=2\n', 'a', { x: '3' })).toThrow(
      expect.objectContaining({ code: 'REFUSED', message: 'x is set 2 times in [a] of /etc/x' }),
    )
    expect(set('[a]\nx=1\n[a]\nx=2\n', 'a', { x: '3' }, { duplicates: 'remove' })).toBe('[a]\n[a]\nx=3\n')
  })

  test('twice is once; the key has the value then, and no other key has changed', () => {
    fc.assert(
      fc.property(iniText, fc.option(name), name, value, (text, section, key, wanted) => {
        const rest = { duplicates: 'remove' as const }
        const once = set(text, section, { [key]: wanted }, rest)
        expect(set(once, section, { [key]: wanted }, rest)).toBe(once)
        expect(valuesIn(once, section, key)).toEqual([wanted])
        for (const other of ['a', 'b', 'c'])
          for (const place of [null, 'a', 'b', 'c'])
            if (place !== section || other !== key)
              expect(valuesIn(once, place, other)).toEqual(valuesIn(text, place, other))
      }),
    )
  })

  test('removing takes the key and nothing else', () => {
    fc.assert(
      fc.property(iniText, fc.option(name), name, (text, section, key) => {
        const after = set(text, section, { [key]: null })
        expect(valuesIn(after, section, key)).toEqual([])
        expect(set(after, section, { [key]: null })).toBe(after)
      }),
    )
  })
})

test('removeSection takes every section of that name', () => {
  expect(removeSection('x=1\n[a]\ny=1\n\n[b]\nz=1\n[a]\n', 'a')).toBe('x=1\n[b]\nz=1\n')
})

const name = fc.constantFrom('a', 'b', 'c')
const value = fc.constantFrom('1', 'yes', 'a=b', '#x', '')
const iniText = fc
  .tuple(
    fc.array(
      fc.oneof(
        name.map((one) => `[${one}]`),
        fc
          .tuple(fc.constantFrom('', '  '), name, fc.constantFrom('=', ' = ', ': '), value)
          .map((parts) => parts.join('')),
        fc.constantFrom('', '# a = 1', ';b=1', 'flag', '    more', 'a = 1 \\', 'c="q"'),
      ),
    ),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ''))

function valuesIn(text: string, section: string | null, key: string): string[] {
  const lines = splitLines(text)
  return findKey(lines, readIni(lines), section, key).map(({ value: written, continued }) =>
    [written.replace(/^(["'])(.*)\1$/, '$2'), ...continued.map((index) => lines[index]?.text)].join('\n'),
  )
}
