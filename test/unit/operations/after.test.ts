import { createHash } from 'node:crypto'
import fc from 'fast-check'
import type * as z from 'zod'
import { describe, expect, test } from 'vitest'
import { BringupError } from '../../../src/errors.ts'
import { archive } from '../../../src/operations/archive.ts'
import { block } from '../../../src/operations/block.ts'
import { directory } from '../../../src/operations/directory.ts'
import { download } from '../../../src/operations/download.ts'
import { file } from '../../../src/operations/file.ts'
import { fstab } from '../../../src/operations/fstab.ts'
import { hosts_entries } from '../../../src/operations/hosts_entries.ts'
import { ini } from '../../../src/operations/ini.ts'
import { line } from '../../../src/operations/line.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { PathState } from '../../../src/operations/path_state.ts'
import { symlink } from '../../../src/operations/symlink.ts'
import { template } from '../../../src/operations/template.ts'
import { Secret } from '../../../src/secret.ts'

const path = '/etc/x'
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const account = fc.constantFrom(
  { name: 'root', id: 0 },
  { name: 'hacluster', id: 108 },
  { name: null, id: 1000 },
  { name: 'new', id: null },
)
const accounts = { owner: account, group: account }
const mode = fc.constantFrom('0644', '0600', '4755', '0000')
const text = fc.oneof(
  fc.string(),
  fc
    .array(
      fc.constantFrom(
        'a=1',
        '[s]',
        '# a = 2',
        '127.0.1.1 a',
        '10.0.0.1\tb',
        '/dev/a /mnt ext4',
        '',
        'x',
        ' b: 2',
      ),
    )
    .map((lines) => lines.join('\n')),
  fc.constant('a=1\r\nx\r\n'),
)
const content = fc.oneof(
  text.map((value) => Buffer.from(value)),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
)

const states: fc.Arbitrary<PathState> = fc.oneof(
  fc.record({
    kind: fc.constant('absent' as const),
    parent: fc.constantFrom('present', 'missing', 'planned'),
    ...accounts,
  }),
  fc.record({ content, mode, ...accounts, secret: fc.boolean() }).map((rest) => ({
    kind: 'file' as const,
    size: rest.content.length,
    sha256: sha256(rest.content),
    ...rest,
  })),
  fc.record({ mode, ...accounts }).map((rest) => ({
    kind: 'file' as const,
    size: 5_000_000,
    sha256: 'ab'.repeat(32),
    content: null,
    ...rest,
  })),
  fc.record({ kind: fc.constant('directory' as const), mode, ...accounts }),
  fc.record({ kind: fc.constant('symlink' as const), target: fc.constantFrom('a', '/b'), ...accounts }),
  fc.record({ kind: fc.constant('other' as const), mode, ...accounts }),
)

const name = optional(fc.constantFrom('root', 'hacluster', '0', '1000'))
const attributes = { path: fc.constant(path), mode: optional(mode), owner: name, group: name }
const flags = { follow: fc.boolean(), backup: fc.boolean(), secret: fc.boolean(), create: fc.boolean() }
const { create: _, ...fileFlags } = flags
const state = fc.constantFrom('present', 'absent')
const word = fc.constantFrom('a', 'x', 'b=1')
const maybeSecret = (value: fc.Arbitrary<string>) =>
  fc.oneof(
    value,
    value.map((one) => new Secret(one)),
  )
const pattern = optional(fc.constantFrom('a', '^x', /b/g))
const duplicates = fc.constantFrom('refuse', 'remove')
const urls = fc.constant(['https://example.org/a.tar.gz'])

/** What each operation can be asked for, before its parameters are validated. */
const wants: readonly (readonly [Operation<z.ZodType, PathState>, fc.Arbitrary<object>])[] = [
  entry(file, {
    ...attributes,
    ...fileFlags,
    state,
    content: optional(fc.oneof(text, content, maybeSecret(text))),
  }),
  entry(template, {
    ...attributes,
    ...fileFlags,
    data: text,
    template: fc.constantFrom(
      (data: string) => data,
      (data: string) => new Secret(data),
    ),
  }),
  entry(directory, {
    ...attributes,
    state,
    parents: fc.boolean(),
    recursive: fc.boolean(),
    follow: fc.boolean(),
  }),
  entry(symlink, {
    path: fc.constant(path),
    owner: name,
    group: name,
    state,
    target: optional(fc.constantFrom('a', '/b')),
  }),
  entry(line, {
    ...attributes,
    ...flags,
    state,
    line: optional(maybeSecret(word)),
    match: pattern,
    insertAfter: pattern,
    insertBefore: pattern,
    duplicates,
  }),
  entry(block, {
    ...attributes,
    ...flags,
    state,
    name: fc.constantFrom('one', 'two'),
    content: optional(maybeSecret(text)),
    insertAfter: pattern,
    insertBefore: pattern,
  }),
  entry(ini, {
    ...attributes,
    ...flags,
    state,
    section: fc.constantFrom(null, 's'),
    values: fc.dictionary(
      fc.constantFrom('a', 'b'),
      fc.oneof(maybeSecret(word), fc.nat(), fc.constant(null)),
    ),
    quote: optional(fc.constantFrom('', '"')),
    duplicates,
  }),
  entry(hosts_entries, {
    ...attributes,
    ...flags,
    state,
    entries: fc.array(
      fc.record({
        address: fc.constantFrom('127.0.1.1', '10.0.0.1', 'fd00::1'),
        names: fc.array(fc.constantFrom('a', 'b')),
      }),
    ),
  }),
  entry(fstab, {
    ...attributes,
    ...flags,
    state: fc.constantFrom('present', 'absent', 'commented'),
    spec: optional(fc.constant('/dev/a')),
    mountpoint: fc.constantFrom('none', '/mnt'),
    type: optional(fc.constant('ext4')),
    pass: fc.nat(2),
  }),
  entry(download, { ...attributes, urls, sha256: fc.constantFrom('ab'.repeat(32), 'cd'.repeat(32)) }),
  entry(archive, { ...attributes, urls, sha256: fc.constant('ab'.repeat(32)), replace: fc.boolean() }),
]

function entry<Schema extends z.ZodType, S extends PathState>(
  operation: Operation<Schema, S>,
  model: Record<string, fc.Arbitrary<unknown>>,
): readonly [Operation<z.ZodType, PathState>, fc.Arbitrary<object>] {
  return [operation as unknown as Operation<z.ZodType, PathState>, fc.record(model)]
}

describe.each(wants.map(([operation, want]) => [operation.name, operation, want] as const))(
  '%s',
  (_, operation, input) => {
    test('has nothing left to do after what it does, and shows no secret', () => {
      let planned = 0
      fc.assert(
        fc.property(states, input, (now, raw) => {
          const parsed = operation.params.safeParse(raw)
          fc.pre(parsed.success)
          const want = parsed.data
          const changes = unlessRefused(() => operation.plan(now, want))
          fc.pre(changes !== null)
          planned += changes.length
          if (changes.length === 0) return
          const after = operation.after(now, want)
          expect(operation.plan(after, want)).toEqual([])
          // What is planned on top of it is kept by check mode in the same shape.
          expect(operation.plan(operation.merge?.(now, after) ?? after, want)).toEqual([])
          const isSecret = (value: unknown) => value instanceof Secret
          if (Object.values(raw).some(isSecret))
            expect(changes.map(({ diff }) => diff)).not.toContainEqual(expect.anything())
        }),
        { numRuns: 200, maxSkipsPerRun: 1000 },
      )
      expect(planned).toBeGreaterThan(0)
    })
  },
)

function unlessRefused<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof BringupError && error.code === 'REFUSED') return null
    throw error
  }
}
