import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { explainIssue, pathText } from '../../../src/playbook/explain_issue.ts'
import { Secret } from '../../../src/secret.ts'
import { secret } from '../../../src/secrets/schema.ts'

/** `path: expected …, not …` for everything that a schema refuses. */
function refused(schema: z.ZodType, input: unknown): string[] {
  const result = schema.safeParse(input)
  const issues = result.success ? [] : result.error.issues
  return issues
    .flatMap((issue) => explainIssue(issue, input))
    .map(({ path, expected, seen }) => `${pathText(path)}: expected ${expected}, not ${seen}`)
}

const strict = z.strictObject({ name: z.string() })
const size = z.union([z.int(), z.string().regex(/^\d+[KMG]$/)])
const shape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('disk'), path: z.string() }),
  z.strictObject({ kind: z.literal('none') }),
])

test.each<[unknown, z.ZodType, string]>([
  [7, z.string(), 'expected text, not the number 7'],
  ['x', z.number(), 'expected a number, not the text "x"'],
  [1.5, z.int(), 'expected a whole number, not the number 1.5'],
  ['yes', z.boolean(), 'expected true or false, not the text "yes"'],
  ['a,b', z.array(z.string()), 'expected a list, not the text "a,b"'],
  [[1, 2], strict, 'expected a map, not a list of 2'],
  [null, z.string(), 'expected text, not nothing'],
  [33, z.int().max(32), 'expected a number of at most 32, not the number 33'],
  [0, z.number().positive(), 'expected a number above 0, not the number 0'],
  [3, z.int().multipleOf(2), 'expected a multiple of 2, not the number 3'],
  ['', z.string().min(1), 'expected text of at least 1 character, not the text ""'],
  ['abc', z.string().length(2), 'expected text of exactly 2 characters, not the text "abc"'],
  [[], z.array(z.string()).min(2), 'expected a list of at least 2 items, not an empty list'],
  ['10.0.0', z.ipv4(), 'expected an IPv4 address, not the text "10.0.0"'],
  ['x', z.cidrv4(), 'expected an IPv4 network, as 192.168.1.0/24, not the text "x"'],
  ['etc', z.string().startsWith('/'), 'expected text that starts with "/", not the text "etc"'],
  ['a b', z.string().regex(/^\S+$/), 'expected text that matches /^\\S+$/, not the text "a b"'],
  ['a b', z.string().regex(/^\S+$/, 'must be one word'), 'expected one word, not the text "a b"'],
  ['udp', z.enum(['knet', 'udpu']), 'expected one of "knet", "udpu", not the text "udp"'],
  [2, z.literal(1), 'expected 1, not the number 2'],
  [true, size, 'expected a number, or text, not true'],
  ['12T', size, 'expected text that matches /^\\d+[KMG]$/, not the text "12T"'],
  ['x'.repeat(99), z.int(), `expected a number, not the text "${'x'.repeat(57)}…"`],
])('%j: %#', (input, schema, text) =>
  expect(refused(z.object({ v: schema }), { v: input })).toEqual([`v: ${text}`]),
)

test('parts of a value are named as people write them', () => {
  const schema = z.strictObject({ links: z.array(z.strictObject({ address: z.ipv4() })) })
  expect(refused(schema, { links: [{ address: '10.0.0.1' }, { address: 'x', addres: 1 }] })).toEqual([
    'links[1].address: expected an IPv4 address, not the text "x"',
    'links[1].addres: expected no such key, not the key "addres"',
  ])
})

test('of a union, the branch that was meant is explained', () => {
  expect(refused(z.union([z.string(), strict]), { name: 7 })).toEqual([
    'name: expected text, not the number 7',
  ])
  expect(refused(shape, { kind: 'disk' })).toEqual(['path: expected text, not nothing'])
  expect(refused(shape, { kind: 'disc' })).toMatchInlineSnapshot(`
    [
      "kind: expected one of "disk", "none", not the text "disc"",
    ]
  `)
})

describe('what may be a secret is not shown', () => {
  test.each<[unknown, z.ZodType, string]>([
    ['hunter2', secret({ minLength: 8 }), 'expected at least 8 characters long, not text (not shown)'],
    [12345678, secret(), 'expected text in quotes, or !env, !file, !prompt or !age, not a number'],
    ['', secret(), 'v: expected not to be empty'],
    [new Secret('hunter2'), z.string(), 'expected text, not a secret'],
  ])('%j: %#', (input, schema, text) => {
    const [told = ''] = refused(z.object({ v: schema }), { v: input })
    expect(told).toContain(text.replace('not to be empty', 'must not be empty'))
    expect(told).not.toMatch(/hunter2|1234/)
  })

  test('nor what is only called like one', () => {
    expect(refused(z.object({ db_password: z.int() }), { db_password: 'hunter2' })).toEqual([
      'db_password: expected a number, not text (not shown)',
    ])
  })
})
