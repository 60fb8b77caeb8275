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
    ['its form as `set -x` of dash shows it', `it's me`, `+ echo 'it'"'"'s me'`, `+ echo '•••'`],
    ['its form as `printf %q` shows it', `it's $me`, `it\\'s\\ \\$me`, '•••'],
    ['its form in XML', `a<b&"c"`, `<nvpair value="a&lt;b&amp;&quot;c&quot;"/>`, `<nvpair value="•••"/>`],
    ['its form in a web form', `a/b c'?`, `password=a%2fb+c%27%3f&x=1`, `password=•••&x=1`],
    ['its form in JSON of ASCII', 'schlüssel', '"schl\\u00fcssel"', '"•••"'],
    ['nothing of what is too short', 'abc', 'abc abc', 'abc abc'],
  ])('%s', (_, secret, text, masked) => {
    expect(redactorOf(secret).redact(text)).toBe(masked)
  })

  test('is base64 of it, alone and as a part of more, wherever that stands', () => {
    const text = fc.string({ unit: 'binary', minLength: 8 })
    fc.assert(
      fc.property(text, fc.uint8Array(), fc.uint8Array(), (value, before, after) => {
        const redactor = redactorOf(value)
        const all = Buffer.concat([before, Buffer.from(value), after])
        for (const encoding of ['base64', 'base64url'] as const) {
          expect(redactor.redact(Buffer.from(value).toString(encoding))).toMatch(/^•••=*$/)
          expect(redactor.redact(all.toString(encoding))).toContain('•••')
        }
      }),
    )
  })

  test('is a key of bytes in lines of base64', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => (index * 77) % 256))
    const redactor = new Redactor()
    redactor.add(new Secret(bytes))
    for (const width of [64, 76]) {
      const lines = bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? []
      expect(redactor.redact(lines.join('\n'))).toBe(lines.map(() => '•••').join('\n'))
    }
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
