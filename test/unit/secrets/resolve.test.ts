import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { armor as ageArmor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { describe, expect, test, vi } from 'vitest'
import { createProblems } from '../../../src/problems.ts'
import { Secret } from '../../../src/secret.ts'
import { audienceOf, encryptAge } from '../../../src/secrets/age.ts'
import { PendingSecret } from '../../../src/secrets/pending.ts'
import type { SecretSource } from '../../../src/secrets/pending.ts'
import { resolvePending } from '../../../src/secrets/resolve.ts'
import type { Ask } from '../../../src/secrets/resolve.ts'
import { errorsOf, project } from '../../support/project.ts'

interface World {
  readonly environment?: Readonly<Record<string, string>>
  readonly ask?: Ask
}

async function reveal(
  sources: readonly SecretSource[],
  { environment = {}, ask = async () => null }: World = {},
) {
  const problems = createProblems()
  const pending = sources.map(
    (source, index) => new PendingSecret(source, { file: 'vars.yml', line: index + 1, column: 9 }),
  )
  const resolve = await resolvePending(pending, { ask, environment, problems })
  problems.throwIfAny()
  return pending.map((secret) => resolve(secret).reveal())
}

const env = (name: string) => ({ kind: 'env', name }) as const
const prompt = (text: string) => ({ kind: 'prompt', text }) as const
const age = (armor: string) => ({ kind: 'age', armor }) as const

describe('a secret', () => {
  test('comes from the environment, a file or the operator', async () => {
    const directory = project({ secret: 'sesame\n', lines: 'a\nb\n\n' })
    const file = (name: string) => ({ kind: 'file', path: join(directory, name) }) as const
    const ask: Ask = async (question) => new Secret(`${question}!`)
    expect(
      await reveal([env('X'), file('secret'), file('lines'), prompt('Password')], {
        environment: { X: 'x' },
        ask,
      }),
    ).toEqual(['x', 'sesame', 'a\nb\n', 'Password!'])
  })

  test('is asked for once, however many need it', async () => {
    const ask = vi.fn(async () => new Secret('x'))
    await reveal([prompt('A'), prompt('B'), prompt('A')], { ask })
    expect(ask.mock.calls).toEqual([['A'], ['B']])
  })

  test('is decrypted with the identity of the user', async () => {
    const identity = await generateX25519Identity()
    const directory = project({ 'id.txt': `# mine\n${await generateX25519Identity()}\n${identity}\n` })
    const armor = await encryptAge('sesame', { recipients: [await identityToRecipient(identity)] })
    const indented = armor.replaceAll('\n', '\n  ')
    const environment = { BRINGUP_AGE_IDENTITY: join(directory, 'id.txt') }
    expect(await reveal([age(armor), age(indented)], { environment })).toEqual(['sesame', 'sesame'])
  })

  test('is decrypted with a passphrase, which is asked for', async () => {
    const encrypter = new Encrypter()
    encrypter.setPassphrase('open')
    encrypter.setScryptWorkFactor(8)
    const armor = ageArmor.encode(await encrypter.encrypt('sesame'))
    const ask = vi.fn(async () => new Secret('open'))
    expect(audienceOf(armor)).toBe('passphrase')
    expect(await reveal([age(armor)], { ask })).toEqual(['sesame'])
    expect(ask.mock.calls).toEqual([['Passphrase for vars.yml:1']])
  })

  test('that is not to be had is told with its place', async () => {
    const directory = project({
      empty: '',
      'id.txt': await generateX25519Identity(),
      'no_id.txt': 'x\n',
      private: 'x',
    })
    chmodSync(join(directory, 'private'), 0o000)
    const other = await encryptAge('x', {
      recipients: [await identityToRecipient(await generateX25519Identity())],
    })
    const file = (name: string) => ({ kind: 'file', path: join(directory, name) }) as const
    const told = await Promise.all([
      errorsOf(
        () =>
          reveal([env('UNSET'), env('EMPTY'), file('no'), file('empty'), file('.')], {
            environment: { EMPTY: '' },
          }),
        directory,
      ),
      errorsOf(() => reveal([prompt('Password')])),
      errorsOf(
        () => reveal([age(other)], { environment: { BRINGUP_AGE_IDENTITY: join(directory, 'id.txt') } }),
        directory,
      ),
      errorsOf(
        () => reveal([age(other)], { environment: { BRINGUP_AGE_IDENTITY: join(directory, 'no.txt') } }),
        directory,
      ),
      errorsOf(
        () => reveal([age(other)], { environment: { BRINGUP_AGE_IDENTITY: join(directory, 'no_id.txt') } }),
        directory,
      ),
      errorsOf(() =>
        reveal([age(other.replace('YWdl', 'YXdl'))], {
          environment: { BRINGUP_AGE_IDENTITY: join(directory, 'id.txt') },
        }),
      ),
    ])
    expect(`\n${told.join('\n\n')}\n`).toMatchInlineSnapshot(`
      "
      vars.yml:1:9 the environment variable UNSET is not set [SECRET_UNAVAILABLE]
        next      Set it for this command only: read -rs UNSET && export UNSET
      vars.yml:2:9 the environment variable EMPTY is empty [SECRET_UNAVAILABLE]
        next      Set it for this command only: read -rs EMPTY && export EMPTY
      vars.yml:3:9 the secret is not to be had: …/no is not there [SECRET_UNAVAILABLE]
        next      Put it into …/no, readable by you alone (mode 0600).
      vars.yml:4:9 …/empty is empty [SECRET_UNAVAILABLE]
        next      Put the secret into it.
      vars.yml:5:9 the secret is not to be had: … is a directory [SECRET_UNAVAILABLE]
        next      Put it into …, readable by you alone (mode 0600).

      vars.yml:1:9 nobody answered "Password" [SECRET_UNAVAILABLE]
        next      Run it on a terminal, or take the secret from elsewhere: !env, !file or !age.

      vars.yml:1:9 this !age value can not be decrypted [SECRET_UNAVAILABLE]
        seen      no identity matched any of the file's recipients
        next      Encrypt it again for your own key (\`bringup secrets encrypt\`), or set BRINGUP_AGE_IDENTITY to the right file.

      vars.yml:1:9 no age identity to decrypt this with: …/no.txt is not there [SECRET_UNAVAILABLE]
        next      Put the identity there, name its file in BRINGUP_AGE_IDENTITY, or make one: \`bringup secrets keygen\`.

      vars.yml:1:9 …/no_id.txt holds no age identity (AGE-SECRET-KEY-1…) [SECRET_UNAVAILABLE]
        next      Make one with \`bringup secrets keygen\`, or name another file in BRINGUP_AGE_IDENTITY.

      vars.yml:1:9 this !age value can not be decrypted [SECRET_UNAVAILABLE]
        seen      invalid version awe-encryption.org/v1
        next      Encrypt it again for your own key (\`bringup secrets encrypt\`), or set BRINGUP_AGE_IDENTITY to the right file.
      "
    `)
  })
})

test('an age file tells how many can read it', async () => {
  const recipients = await Promise.all(
    [1, 2, 3].map(async () => identityToRecipient(await generateX25519Identity())),
  )
  expect(audienceOf(await encryptAge('x', { recipients }))).toEqual({ recipients: 3 })
})
