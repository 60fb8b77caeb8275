import fc from 'fast-check'
import { expect, test } from 'vitest'
import { patchSpec } from '../../../src/drbd/spec_patch.ts'
import type { SbinSymlinks } from '../../../src/drbd/utils_build.ts'
import { rpmBuild } from '../../../src/drbd/utils_build.ts'
import { granted } from '../../../src/drbd/verdict.ts'
import { excerpts } from './spec_excerpts.ts'

const patched = (text: string, expected: SbinSymlinks, quote = false) =>
  granted(patchSpec(text, { expected, quote }))

test.each(excerpts)('the spec of $version is as its release is known to have it', ({ version, expected }) => {
  expect(granted(rpmBuild(version, '4.18.0')).sbinSymlinks).toBe(expected)
})

test.each(excerpts.filter(({ expected }) => expected === 'patch'))(
  'up to 9.21 the links are undefined: $version',
  ({ text, expected }) => {
    const { text: after, ...said } = patched(text, expected)
    expect(said).toMatchObject({ sbinSymlinks: 'patched', quoted: 0 })
    const anchor = '%bcond_without sbinsymlinks\n'
    expect(after).toBe(text.replace(anchor, `${anchor}%undefine with_sbinsymlinks\n`))
  },
)

test.each(excerpts.filter(({ expected }) => expected !== 'patch'))(
  'from 9.22 on upstream settled it: $version',
  ({ text, expected }) => {
    expect(patched(text, expected)).toMatchObject({ sbinSymlinks: expected, text })
  },
)

test('a spec that was patched by hand is left alone', () => {
  const text = '%bcond_without sbinsymlinks\n%undefine with_sbinsymlinks\n%bcond_without xen\n'
  expect(patched(text, 'patch')).toMatchObject({ sbinSymlinks: 'already', text })
})

test('the text has the last word: a release that detects it, in a tree that does not', () => {
  expect(patched('%bcond_without sbinsymlinks\n', 'autodetected').sbinSymlinks).toBe('patched')
  expect(patched('%bcond_without sbinsymlinks\n', 'gone').sbinSymlinks).toBe('patched')
})

test.each<[string, string, SbinSymlinks, string]>([
  ['missing where it must be', '%bcond_without bashcompletion\n', 'patch', 'no such line'],
  [
    'missing in a release that still has it',
    '%bcond_without bashcompletion\n',
    'autodetected',
    'no such line',
  ],
  ['only in a comment', '# %bcond_without sbinsymlinks\n', 'patch', 'no such line'],
  ['only the start of another', '%bcond_without sbinsymlinks2\n', 'patch', 'no such line'],
  ['of an empty file', '', 'patch', 'no such line'],
  ['there twice', '%bcond_without sbinsymlinks\n%bcond_without sbinsymlinks\n', 'patch', 'that line 2 times'],
])('the anchor is %s', (_name, text, expected, seen) => {
  expect(patchSpec(text, { expected, quote: true })).toMatchObject({
    refused: 'the spec of drbd-utils is not as this release has it',
    seen,
  })
})

test('line ends stay as they are; a last line needs none', () => {
  expect(patched('a\r\n%bcond_without sbinsymlinks\r\nb\r\n', 'patch').text).toBe(
    'a\r\n%bcond_without sbinsymlinks\r\n%undefine with_sbinsymlinks\r\nb\r\n',
  )
  expect(patched('%bcond_without sbinsymlinks', 'patch').text).toBe(
    '%bcond_without sbinsymlinks\n%undefine with_sbinsymlinks',
  )
})

test.each(excerpts)('words are quoted in $version where they are not', ({ text, expected, version }) => {
  const { text: after, quoted } = patched(text, expected, true)
  expect(after).toContain('\n%if "%{initscripttype}" == "sysv"\n')
  expect(quoted).toBe(['9.10.0', '9.15.0'].includes(version) ? 1 : 0)
})

const line = fc.constantFrom(
  ...excerpts.flatMap(({ text }) => text.split('\n')),
  '%undefine with_sbinsymlinks',
  '%if %{x} == y',
  '%if "%{x}" != "y"',
)

test('twice is once, whatever the lines are', () => {
  const spec = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'))
  const about = fc.record({
    expected: fc.constantFrom<SbinSymlinks>('patch', 'autodetected', 'gone'),
    quote: fc.boolean(),
  })
  fc.assert(
    fc.property(spec, about, (text, want) => {
      const once = patchSpec(text, want)
      if (!once.ok) return
      const twice = granted(patchSpec(once.text, want))
      expect(twice.text).toBe(once.text)
      expect(twice.quoted).toBe(0)
      expect(twice.sbinSymlinks).not.toBe('patched')
    }),
  )
})

test('nothing is lost: without what was added it is the text that was given', () => {
  const spec = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(spec, (text) => {
      const answer = patchSpec(text, { expected: 'patch', quote: false })
      if (!answer.ok || answer.sbinSymlinks !== 'patched') return
      const added = '\n%undefine with_sbinsymlinks'
      const at =
        answer.text.indexOf(`%bcond_without sbinsymlinks${added}`) + '%bcond_without sbinsymlinks'.length
      expect(answer.text.slice(0, at) + answer.text.slice(at + added.length)).toBe(text)
    }),
  )
})
