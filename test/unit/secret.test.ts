import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Redactor, Secret } from '../../src/secret.ts'

const redactorOf = (...values: string[]): Redactor => {
  const redactor = new Redactor()
  for (const value of values) redactor.add(new Secret(value))
  return redactor
}

describe('what is masked', () => {
  test.each([
    ['the value', 'hunter2', 'is hunter2.', 'is •••.'],
    ['a value that came with its newline', 'hunter2\n', 'is hunter2.', 'is •••.'],
    ['the longer of two first', 'hunter2', 'hunter2 hunter22', '••• •••2'],
    ['each line of a key', 'BEGIN KEY\nabcdefgh\nEND', 'of abcdefgh there', 'of ••• there'],
    ['its form in a command', `it's me`, `mysql -p'it'\\''s me'`, `mysql -p'•••'`],
    ['its form in JSON', 'say "it"', '{"a":"say \\"it\\""}', '{"a":"•••"}'],
    ['its form in a URL', 'a/b c?', 'http://u:a%2Fb%20c%3F@h/', 'http://u:•••@h/'],
    ['nothing of what is too short', 'abc', 'abc abc', 'abc abc'],
  ])('%s', (_, secret, text, masked) => {
    expect(redactorOf(secret).redact(text)).toBe(masked)
  })

  test('is every secret, whatever it is and stands among', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (value, before, after) => {
        fc.pre(!'•••'.includes(value))
        expect(redactorOf(value).redact(before + value + after)).not.toContain(value)
      }),
    )
  })
})
