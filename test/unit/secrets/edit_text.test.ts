import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createProblems } from '../../../src/problems.ts'
import { encryptAge } from '../../../src/secrets/age.ts'
import { ageBlock, ageQuoted } from '../../../src/secrets/age_block.ts'
import { ageValues, replaceValues } from '../../../src/secrets/age_values.ts'
import { decryptedText, encryptedText } from '../../../src/secrets/edit_text.ts'
import { errorsOf, project } from '../../support/project.ts'

let identity = ''
let recipient = ''
beforeAll(async () => {
  identity = await generateX25519Identity()
  recipient = await identityToRecipient(identity)
})

const open = async (text: string) => {
  const directory = project({ 'id.txt': identity })
  const problems = createProblems()
  const environment = { BRINGUP_AGE_IDENTITY: join(directory, 'id.txt') }
  const opened = await decryptedText(text, 'vars.yml', { ask: async () => null, environment, problems })
  problems.throwIfAny()
  return opened
}

const armored = (value: string) => encryptAge(value, { recipients: [recipient] })

describe('editing', () => {
  test('shows what is encrypted, and puts it back to the letter where nothing was changed', async () => {
    const text = `# Ours
plain: text  # stays
hacluster_password: ${ageBlock(await armored('sesame'), 2)}
list:
  - name: ann   # odd   spacing
    password: ${ageBlock(await armored('two\nlines "quoted"'), 6)}
  - ${ageBlock(await armored('in a list'), 4)}
flow: { a: 1, b: ${ageQuoted(await armored('flow'))} }
commented: ${ageQuoted(await armored('x'))} # not part of it
last: &anchor ${ageBlock(await armored('anchored'), 2)}
`
    const opened = await open(text)
    expect(opened.text).toMatchInlineSnapshot(`
      "# Ours
      plain: text  # stays
      hacluster_password: !age "sesame"
      list:
        - name: ann   # odd   spacing
          password: !age "two\\nlines \\"quoted\\""
        - !age "in a list"
      flow: { a: 1, b: !age "flow" }
      commented: !age "x" # not part of it
      last: &anchor !age "anchored"
      "
    `)
    expect(opened.values.map(({ path }) => path)).toMatchInlineSnapshot(`
      [
        "hacluster_password",
        "list.0.password",
        "list.1",
        "flow.b",
        "commented",
        "last",
      ]
    `)
    const closed = await encryptedText(opened.text, 'vars.yml', opened, async () => {
      throw new Error('nobody to encrypt to')
    })
    expect(closed).toEqual({ text, encrypted: 0, kept: 6 })
  })

  test('encrypts what was changed or added, and only that', async () => {
    const text = `a: ${ageBlock(await armored('one'), 2)}\nb: ${ageBlock(await armored('two'), 2)}\nc: clear # comment\n`
    const opened = await open(text)
    const edited = opened.text.replace('"one"', '"not-one"').replace('c: clear', 'c: !age in-clear')
    const closed = await encryptedText(edited, 'vars.yml', opened, async () => [recipient])
    expect(closed).toMatchObject({ encrypted: 2, kept: 1 })
    expect(closed.text).toContain(text.slice(text.indexOf('b:'), text.indexOf('c:')))
    expect(closed.text).toMatch(/ # comment\n$/)
    // No base64 has a hyphen.
    expect(closed.text).not.toMatch(/not-one|in-clear/)
    expect((await open(closed.text)).values.map(({ value }) => value)).toEqual(['not-one', 'two', 'in-clear'])
  })

  test('a value that moves to another name keeps its bytes', async () => {
    const armor = await armored('one')
    const opened = await open(`a: ${ageBlock(armor, 2)}\n`)
    const closed = await encryptedText(
      opened.text.replace('a:', 'renamed:'),
      'vars.yml',
      opened,
      async () => [recipient],
    )
    expect(closed.text).toBe(`renamed: ${ageBlock(armor, 2)}\n`)
  })

  test('takes a value away from nobody who can read it', async () => {
    const other = await identityToRecipient(await generateX25519Identity())
    const shared = await encryptAge('one', { recipients: [recipient, other] })
    const opened = await open(`a: ${ageBlock(shared, 2)}\n`)
    const edited = opened.text.replace('one', 'two')
    expect(await errorsOf(() => encryptedText(edited, 'vars.yml', opened, async () => [recipient])))
      .toMatchInlineSnapshot(`
      "vars.yml:1:1 a can be read by 2, and would be by 1 only [REFUSED]
        next      Name all of them: --recipient age1… once for each."
    `)
    const closed = await encryptedText(edited, 'vars.yml', opened, async () => [recipient, other])
    expect(closed.encrypted).toBe(1)
  })

  test.each(['a: !age ""\n', 'a: !age "x\n', 'a: [!age x\n'])(
    '%j is refused with its place',
    async (text) => {
      const opened = { text: '', values: [] }
      const errors = await errorsOf(() => encryptedText(text, 'vars.yml', opened, async () => [recipient]))
      expect(errors).toMatch(/^vars\.yml:\d+:\d+ /)
    },
  )
})

test('values are found where they stand, whatever they hold', () => {
  const value = fc.string({ unit: 'grapheme', minLength: 1 })
  const key = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '_'), minLength: 1 })
  fc.assert(
    fc.property(fc.uniqueArray(key, { minLength: 1 }), fc.array(value, { minLength: 1 }), (keys, values) => {
      const text = keys
        .map(
          (name, index) =>
            `${name}:\n  - x\n  - ${`!age ${JSON.stringify(values[index % values.length])}`}\n`,
        )
        .join('')
      const found = ageValues(text, 'a.yml')
      expect(found.map((one) => [one.path, one.text])).toEqual(
        keys.map((name, index) => [`${name}.1`, values[index % values.length]]),
      )
      expect(
        replaceValues(
          text,
          found.map((at) => ({ at, by: '' })),
        ),
      ).toBe(keys.map((name) => `${name}:\n  - x\n  - \n`).join(''))
    }),
  )
})
