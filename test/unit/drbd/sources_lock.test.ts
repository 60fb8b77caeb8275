import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { compareSource, readSourcesLock } from '../../../src/drbd/sources_lock.ts'
import type { SourcesLock } from '../../../src/drbd/sources_lock.ts'
import { withSource } from '../../../src/drbd/sources_lock_text.ts'
import { createProblems } from '../../../src/problems.ts'
import { BringupErrors } from '../../../src/errors.ts'

const A = 'a'.repeat(64)
const B = 'b'.repeat(64)
const FROM = 'https://pkg.linbit.com/downloads/drbd/9/drbd-9.2.14.tar.gz'

function read(text: string): SourcesLock {
  const problems = createProblems()
  const lock = readSourcesLock({ text, file: 'sources.lock.yml', directory: '/site' }, problems)
  problems.throwIfAny()
  return lock
}

const sources = (text: string) =>
  [...read(text).values()].map(({ name, sha256, from }) => ({ name, sha256, from }))

test('each source with its sum, and where it came from', () => {
  const text = `sources:\n  drbd-9.2.14: { sha256: ${A}, from: ${FROM} }\n  drbd-utils-9.22.0:\n    sha256: ${B.toUpperCase()}\n`
  expect(sources(text)).toEqual([
    { name: 'drbd-9.2.14', sha256: A, from: FROM },
    { name: 'drbd-utils-9.22.0', sha256: B, from: null },
  ])
})

test.each(['', '# nothing yet\n', 'sources:\n', 'sources: {}\n', '{}'])('%j locks nothing', (text) => {
  expect(sources(text)).toEqual([])
})

test.each<[string, string, string]>([
  ['- a\n', '1:1', 'a lock file of sources must be a map, not a list'],
  ['source:\n  a: 1\n', '1:1', 'unknown key "source" in a lock file of sources (did you mean "sources"?)'],
  ['sources: [a]\n', '1:10', '"sources" must be a map, not a list'],
  [`sources:\n  a: ${A}\n`, '2:6', `the source "a" must be a map, not the text "${A.slice(0, 57)}…"`],
  ['sources:\n  a: {}\n', '2:3', 'the source "a" has no "sha256"'],
  [
    'sources:\n  a:\n    sha256: abc\n',
    '3:13',
    '"sha256" of the source "a" must be 64 hexadecimal digits, not the text "abc"',
  ],
  [
    `sources:\n  a:\n    sha256: ${'1'.repeat(64)}\n`,
    '3:13',
    `the number ${'1'.repeat(64)} is too large to be kept exactly`,
  ],
  [`sources:\n  a: { sha256: ${A}, md5: x }\n`, '2:82', 'unknown key "md5" in the source "a"'],
  [
    `sources:\n  a: { sha256: ${A}, from: 7 }\n`,
    '2:88',
    '"from" of the source "a" must be text, not the number 7',
  ],
  [
    'sources:\n  a:\n    sha256: 7\n',
    '3:13',
    '"sha256" of the source "a" must be 64 hexadecimal digits, not the number 7',
  ],
  ['sources:\n\ta: 1\n', '2:1', 'a tab where YAML wants spaces'],
  [`sources:\n  a: { sha256: ${A} }\n  a: { sha256: ${B} }\n`, '3:3', 'the key "a" is here a second time'],
])('%j is wrong at %s', (text, place, message) => {
  const [error] = problemsOf(text)
  const at = error?.details.at
  expect(`${at?.line}:${at?.column} ${error?.message}`).toBe(`${place} ${message}`)
  expect(error?.exitCode).toBe(5)
})

function problemsOf(text: string) {
  try {
    read(text)
  } catch (error) {
    if (error instanceof BringupErrors) return error.problems
  }
  return []
}

test('what is fetched is the same, unknown, or an error that names both', () => {
  const lock = read(`sources:\n  drbd-9.2.14:\n    sha256: ${A}\n    from: ${FROM}\n`)
  expect(compareSource(lock, { name: 'drbd-9.2.14', sha256: A.toUpperCase(), from: '/x' })).toBe('same')
  expect(compareSource(lock, { name: 'drbd-9.2.15', sha256: A, from: '/x' })).toBe('unknown')
  expect(() => compareSource(lock, { name: 'drbd-9.2.14', sha256: B, from: '/x' })).toThrow(
    expect.objectContaining({
      code: 'SOURCE_CHANGED',
      message: 'drbd-9.2.14 from /x is not the one that was taken in before',
      details: expect.objectContaining({
        at: { file: 'sources.lock.yml', line: 3, column: 13 },
        expected: `sha256 ${A}, from ${FROM}`,
        seen: `sha256 ${B}, from /x`,
      }) as unknown,
    }),
  )
})

test('a first source makes the file, the next goes behind it', () => {
  const first = withSource('', { name: 'drbd-9.2.14', sha256: A, from: FROM })
  expect(first).toBe(
    '# Tarballs that were taken in, and are to be the same ever after; keep this file with the inventory.\n' +
      `\nsources:\n  drbd-9.2.14:\n    sha256: ${A}\n    from: ${FROM}\n`,
  )
  const second = withSource(first, { name: 'drbd-utils-9.22.0', sha256: B, from: '/srv/u: x # y.tar.gz' })
  expect(second).toBe(`${first}  drbd-utils-9.22.0:\n    sha256: ${B}\n    from: "/srv/u: x # y.tar.gz"\n`)
})

test('a name is added once', () => {
  const text = withSource('', { name: 'n', sha256: A, from: FROM })
  expect(() => withSource(text, { name: 'n', sha256: A, from: FROM })).toThrow(
    'is in the lock of sources already',
  )
  expect(() => withSource('x: &x {}\nsources: *x\n', { name: 'n', sha256: A, from: FROM })).toThrow(
    expect.objectContaining({ code: 'SOURCES_LOCK_INVALID' }),
  )
})

test.each([
  'sources: # one\n',
  'sources:\n# one\n',
  'sources:\n  # one\n',
  'sources: ~ # one\n# two\n',
  'sources: {} # one\n',
  '{} # one\n',
  '~ # one\n',
  '# one\n---\n# two\nsources: {} # three\n# four\n',
  `sources: { # one\n  a: # two\n   { sha256: ${A} } # three\n  # four\n } # five\n`,
  `# one\n\nsources:\n    # two\n    a:   # three\n        sha256: ${A} # four\n\n    # five\n`,
  `sources:\r\n  a: { sha256: ${A} } # one\r\n`,
])('comments stay: %j', (text) => {
  const after = withSource(text, { name: 'n', sha256: B, from: FROM })
  const comments = (all: string) => (all.match(/# \w+/g) ?? []).toSorted()
  expect(comments(after)).toEqual(comments(text))
  expect(sources(after)).toEqual([...sources(text), { name: 'n', sha256: B, from: FROM }])
})

test('a password in a URL stays out of the file and of errors', () => {
  const from = 'https://me:hush@mirror.example/drbd-9.2.14.tar.gz'
  const text = withSource('', { name: 'drbd-9.2.14', sha256: A, from })
  expect(sources(text)).toEqual([
    { name: 'drbd-9.2.14', sha256: A, from: 'https://mirror.example/drbd-9.2.14.tar.gz' },
  ])
  expect(() => compareSource(read(text), { name: 'drbd-9.2.14', sha256: B, from })).toThrow(
    expect.objectContaining({
      message: expect.not.stringContaining('hush') as unknown,
      details: expect.objectContaining({ seen: expect.not.stringContaining('hush') as unknown }) as unknown,
    }),
  )
})

test('what was added is read back, in the order it was added, whatever its name and sum', () => {
  const hex = fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'.split('')),
    minLength: 64,
    maxLength: 64,
  })
  // A sum may look like a number.
  const sha256 = fc.oneof(hex, fc.constant('1'.repeat(64)), fc.constant(`12e${'3'.repeat(61)}`))
  const name = fc.stringMatching(/^drbd(-utils)?-\d\.\d\.\d(-1)?$/)
  const source = fc.record({ name, sha256, from: fc.string({ minLength: 1 }).map((path) => `/${path}`) })
  fc.assert(
    fc.property(fc.uniqueArray(source, { selector: (one) => one.name, maxLength: 5 }), (all) => {
      let text = ''
      for (const one of all) text = withSource(text, one)
      expect(sources(text)).toEqual(all)
      if (all.length > 0)
        expect(Object.keys((parse(text) as { sources: object }).sources)).toEqual(all.map((one) => one.name))
    }),
  )
})
