import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { createProblems } from '../../../src/problems.ts'
import { PendingSecret } from '../../../src/secrets/pending.ts'
import { locate, plain } from '../../../src/yaml/located.ts'
import type { Located } from '../../../src/yaml/located.ts'
import { readYaml } from '../../../src/yaml/read_yaml.ts'
import { errorsOf } from '../../support/project.ts'

function read(text: string): Located {
  const problems = createProblems()
  const located = readYaml({ text, file: 'a.yml', directory: '/etc/site' }, problems)
  problems.throwIfAny()
  return located ?? { kind: 'scalar', value: null, literal: false, at: { file: 'a.yml', line: 1, column: 1 } }
}

/** `line:column` of a part of a document that is a map. */
function placeOf(text: string, path: readonly PropertyKey[]): string {
  const root = read(text)
  const { line, column } = locate({ key: root.at, value: root }, path)
  return `${line}:${column}`
}

describe('data', () => {
  test.each([
    ['a: 1\nb: [x, true, null, 1.5]\n', { a: 1, b: ['x', true, null, 1.5] }],
    ['a: yes\nb: 0644\nc: 0o644\n', { a: 'yes', b: 644, c: 420 }],
    ['a: !!str 7\nb: "7"\n', { a: '7', b: '7' }],
    ['a: &x { k: [1] }\nb: *x\n', { a: { k: [1] }, b: { k: [1] } }],
    ['base: &b { p: 1, q: 2 }\nhost: { <<: *b, q: 3 }\n', { base: { p: 1, q: 2 }, host: { q: 3, p: 1 } }],
    [
      'a: &a { p: 1 }\nb: &b { p: 2, q: 2 }\nc: { <<: [*a, *b] }\n',
      { a: { p: 1 }, b: { p: 2, q: 2 }, c: { p: 1, q: 2 } },
    ],
    ['"<<": text\n', { '<<': 'text' }],
    ['a: !unsafe "{{ x }}"\n', { a: '{{ x }}' }],
    ['# nothing\n', null],
  ])('%j', (text, data) => expect(plain(read(text))).toEqual(data))

  test('what is written as YAML is read back', () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((name) => name !== '__proto__' && name !== '<<')
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
      ),
    }))
    fc.assert(
      fc.property(tree, (data) => {
        expect(plain(read(stringify({ data })))).toEqual({ data })
      }),
    )
  })
})

describe('places', () => {
  const text = 'all:\n  vars:\n    vip: 10.0.0.1\n    links:\n      - { name: a }\n      - name: b\n'
  test.each([
    [['all'], '1:1'],
    [['all', 'vars', 'vip'], '3:10'],
    [['all', 'vars', 'links'], '4:5'],
    [['all', 'vars', 'links', 0, 'name'], '5:17'],
    [['all', 'vars', 'links', 1], '6:9'],
    [['all', 'vars', 'links', 1, 'nothing'], '6:9'],
    [['all', 'nothing', 'below'], '1:1'],
  ])('%j is at %s', (path, place) => expect(placeOf(text, path)).toBe(place))
})

describe('secrets', () => {
  const armor = '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----'
  test.each([
    ['!env PASSWORD', { kind: 'env', name: 'PASSWORD' }],
    ['!file secrets/root', { kind: 'file', path: '/etc/site/secrets/root' }],
    ['!file /run/secret', { kind: 'file', path: '/run/secret' }],
    ['!prompt "Password of root"', { kind: 'prompt', text: 'Password of root' }],
    [`!age |\n  ${armor.replaceAll('\n', '\n  ')}\n`, { kind: 'age', armor }],
    [`!age ${JSON.stringify(armor)}`, { kind: 'age', armor }],
  ])('%s', (text, source) => {
    const { password } = plain(read(`password: ${text}`)) as { password: PendingSecret }
    expect(password).toBeInstanceOf(PendingSecret)
    expect(password.source).toEqual(source)
    expect([String(password), JSON.stringify(password)]).toEqual(['•••', '"•••"'])
    expect(() => password.reveal()).toThrow('was not asked for')
  })
})

const mistakes: Readonly<Record<string, string>> = {
  'a duplicate key': 'a: 1\nb:\n  c: 1\n  c: 2\n',
  'a tab': 'a:\n\tb: 1\n',
  'an alias inside its own value': 'a: &x\n  b: *x\n',
  'an alias of nothing': 'name: &server 1\nb: *sever\n',
  'a key that is a number': '80: http\n',
  'a key that is a map': '{ x: 1 }: 1\n',
  'an unquoted template': 'a: {{ b }}\n',
  'an empty key': ': 1\n',
  'a key that JavaScript would trip over': '__proto__: 1\n',
  'a number that is too large': 'id: 12345678901234567890\n',
  'a second document': 'a: 1\n---\nb: 2\n',
  'a wrong indent': 'a:\n   b: 1\n  c: 2\n',
  'two colons': 'a: b: c\n',
  'a quote left open': 'a: "b\nc: d\n',
  'a mistyped tag': 'a: !evn X\n',
  'a vault value': 'a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3132\n',
  'an empty tag': 'a: !env\n',
  'no age file': 'a: !age abc\n',
  'a merge of text': 'a: { <<: text }\n',
  'a percent sign': 'a: %x\n',
  'a bad escape': 'a: "\\d+"\n',
}

describe('mistakes', () => {
  test('each has a place and a remedy', async () => {
    const told = await Promise.all(
      Object.entries(mistakes).map(async ([name, text]) => `# ${name}\n${await errorsOf(() => read(text))}`),
    )
    expect(`\n${told.join('\n\n')}\n`).toMatchInlineSnapshot(`
      "
      # a duplicate key
      a.yml:4:3 the key "c" is here a second time [YAML_SYNTAX]
        next      Keep one; the first is in line 3.

      # a tab
      a.yml:2:1 a tab where YAML wants spaces [YAML_SYNTAX]
        next      Indent with spaces only.

      # an alias inside its own value
      a.yml:2:6 *x is inside the value that it stands for [YAML_SYNTAX]
        next      Write the value out instead.

      # an alias of nothing
      a.yml:2:4 *sever stands for nothing: no &sever before it (did you mean "server"?) [YAML_SYNTAX]
        next      Put &sever before the value that is meant.

      # a key that is a number
      a.yml:1:1 a key that is not text but the number 80 [YAML_SYNTAX]
        next      Put it into quotes: "80".

      # a key that is a map
      a.yml:1:1 a key that is not text [YAML_SYNTAX]
        next      Use plain text as the key; for a value in braces, put it into quotes.

      # an unquoted template
      a.yml:1:5 a key that is not text [YAML_SYNTAX]
        next      Use plain text as the key; for a value in braces, put it into quotes.

      # an empty key
      a.yml:1:1 a key that is empty [YAML_SYNTAX]
        next      Write a name before the ":".

      # a key that JavaScript would trip over
      a.yml:1:1 a key that is not allowed: "__proto__" [YAML_SYNTAX]
        next      Choose another name.

      # a number that is too large
      a.yml:1:5 the number 12345678901234567890 is too large to be kept exactly [YAML_SYNTAX]
        next      Put it into quotes.

      # a second document
      a.yml:2:1 a second YAML document starts here [YAML_SYNTAX]
        next      Keep one document in a file: take out this "---" or "...".

      # a wrong indent
      a.yml:3:1 this line is not indented as the ones around it [YAML_SYNTAX]
        next      Put entries of one map or list into the same column.

      # two colons
      a.yml:1:4 a second ":" on one line [YAML_SYNTAX]
        next      Put the value into quotes if the ":" belongs to it, else on a line of its own.

      # a quote left open
      a.yml:3:1 something is missing before here: a closing quote or bracket, a comma, or a ":" [YAML_SYNTAX]
        next      Close what is open above this place.

      # a mistyped tag
      a.yml:1:9 the tag !evn is not known (did you mean "!env"?) [YAML_SYNTAX]
        next      Tags are for secrets: !env, !file, !prompt, !age; !unsafe is for text with {{ }} in it.

      # a vault value
      a.yml:1:11 a value encrypted by ansible-vault, which bringup can not read [YAML_SYNTAX]
        next      Take the secret from elsewhere (!env, !file, !prompt), or encrypt it with \`bringup secrets encrypt\` (!age).

      # an empty tag
      a.yml:1:8 !env needs the name of an environment variable behind it [YAML_SYNTAX]
        next      Write for example: !env HACLUSTER_PASSWORD

      # no age file
      a.yml:1:9 !age needs a block with an armored age file behind it [YAML_SYNTAX]
        next      Write "!age |" and, indented below, what \`bringup secrets encrypt\` prints.

      # a merge of text
      a.yml:1:10 "<<" takes a map, or a list of maps [YAML_SYNTAX]
        next      Write an alias of a map: "<<: *name".

      # a percent sign
      a.yml:1:4 text that starts with a character that YAML keeps for itself [YAML_SYNTAX]
        next      Put the value into quotes.

      # a bad escape
      a.yml:1:5 a backslash that means nothing inside double quotes [YAML_SYNTAX]
        next      Write \\\\ for a backslash, or use single quotes: '…'.
      "
    `)
  })

  test('an alias bomb is refused at once', async () => {
    const line = (level: number): string => `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`
    const bomb = ['a0: &a0 [x]', ...Array.from({ length: 30 }, (_, index) => line(index + 1))].join('\n')
    expect(await errorsOf(() => read(bomb))).toMatchInlineSnapshot(`
      "a.yml:7:40 with this alias the document has more than 1,000,000 values [YAML_SYNTAX]
        next      Write out what is needed instead of aliases of aliases."
    `)
  })

  test.each([
    ['brackets', '['.repeat(100_000)],
    ['maps', '{a: '.repeat(50_000)],
    ['lists', '- '.repeat(50_000)],
    ['indents', Array.from({ length: 100 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('a hundred and more nested %s are refused', async (_name, text) => {
    expect(await errorsOf(() => read(text))).toMatch(/nested (too deeply|more than 64 levels)/)
  })
})
