import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { Secret } from '../../../src/secret.ts'
import { PendingSecret } from '../../../src/secrets/pending.ts'
import { secret } from '../../../src/secrets/schema.ts'

const pending = new PendingSecret({ kind: 'env', name: 'X' }, { file: 'a.yml', line: 1, column: 1 })

describe('secret()', () => {
  test('makes a secret of text, and leaves one as it is', () => {
    const given = new Secret('sesame', 'somewhere')
    expect(secret().parse('sesame').reveal()).toBe('sesame')
    expect(secret().parse(given)).toBe(given)
    expect(secret({ minLength: 100 }).parse(pending)).toBe(pending)
  })

  test.each([
    ['', {}, 'must not be empty'],
    ['short', { minLength: 8 }, 'must be at least 8 characters long'],
    ['far too long', { maxLength: 8 }, 'must be at most 8 characters long'],
    ['two\nlines', { singleLine: true }, 'must be a single line'],
    [
      'a:b',
      { check: (value: string) => (value.includes(':') ? 'must have no ":" in it' : null) },
      'must have no ":" in it',
    ],
    [12345, {}, 'must be text in quotes, or !env, !file, !prompt or !age'],
    [null, {}, 'must be text in quotes, or !env, !file, !prompt or !age'],
  ])('%j with %j: %s', (value, options, message) => {
    const result = secret(options).safeParse(value)
    expect(result.error?.issues.map((issue) => issue.message)).toEqual([message])
    expect(secret(options).safeParse(new Secret('good one')).success).toBe(true)
  })

  test('is required in an object, unless it is optional; a default is a secret too', () => {
    const vars = z.strictObject({ a: secret(), b: secret().optional(), c: secret().default(new Secret('d')) })
    expect(vars.safeParse({}).error?.issues).toMatchObject([{ path: ['a'], code: 'invalid_type' }])
    const { a, b, c } = vars.parse({ a: 'x' })
    expect([a.reveal(), b, c.reveal()]).toEqual(['x', undefined, 'd'])
  })

  test('is text to an editor', () => {
    const vars = z.strictObject({
      a: secret({ minLength: 8 }).describe('The door.'),
      b: z.array(secret()).optional(),
    })
    const schema = z.toJSONSchema(vars, { target: 'draft-07', io: 'input' })
    expect(schema).toMatchObject({
      required: ['a'],
      properties: {
        a: { type: 'string', writeOnly: true, description: 'The door.' },
        b: { items: { type: 'string', writeOnly: true } },
      },
    })
    expect(() => z.toJSONSchema(vars, { io: 'output' })).not.toThrow()
  })
})
