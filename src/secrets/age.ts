import { homedir } from 'node:os'
import { join } from 'node:path'
import { BringupError } from '../errors.ts'
import type { Place } from '../errors.ts'
import { resolveFrom } from '../path.ts'
import { readText } from '../yaml/read_text.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Where this user's age identity is: `BRINGUP_AGE_IDENTITY`, or `~/.config/bringup/age-identity.txt`. */
export function identityFile(environment: Environment, cwd: string): string {
  const named = environment['BRINGUP_AGE_IDENTITY']
  if (named !== undefined && named !== '') return resolveFrom(cwd, named)
  const config = environment['XDG_CONFIG_HOME']
  return join(
    config === undefined || config === '' ? join(homedir(), '.config') : config,
    'bringup',
    'age-identity.txt',
  )
}

/** The identities in an age identity file, in age's own format: one `AGE-SECRET-KEY-1…` a line, `#` for comments. */
export function readIdentities(path: string): string[] {
  const lines = readText(path, path)
    .split('\n')
    .map((line) => line.trim())
  const identities = lines.filter((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (identities.length > 0) return identities
  throw new BringupError('SECRET_UNAVAILABLE', `${path} holds no age identity (AGE-SECRET-KEY-1…)`, {
    remedy: 'Make one with `bringup secrets keygen`, or name another file in BRINGUP_AGE_IDENTITY.',
  })
}

/** Whom an armored age file is for, as its header tells: how many recipients, or somebody with a passphrase. */
export function audienceOf(armor: string): { recipients: number } | 'passphrase' {
  const body = armor.replaceAll(/-----[^-]+-----|\s/g, '')
  const header = Buffer.from(body, 'base64').toString('latin1').split('\n--- ')[0] ?? ''
  const stanzas = header.split('\n').filter((line) => line.startsWith('-> '))
  if (stanzas.some((line) => line.startsWith('-> scrypt '))) return 'passphrase'
  // age adds a stanza of noise, whose name ends in -grease, to keep readers honest.
  return { recipients: stanzas.filter((line) => !/^-> \S*-grease(\s|$)/.test(line)).length }
}

/** Whether an armored age file is encrypted with a passphrase, rather than to recipients. */
export const wantsPassphrase = (armor: string): boolean => audienceOf(armor) === 'passphrase'

export type AgeKey = { readonly identities: readonly string[] } | { readonly passphrase: string }

/** Decrypts an armored age file. @throws BringupError SECRET_UNAVAILABLE that names `at` */
export async function decryptAge(armor: string, key: AgeKey, at: Place): Promise<string> {
  // 108 ms to import, and few runs need it.
  const age = await import('age-encryption')
  const decrypter = new age.Decrypter()
  try {
    if ('passphrase' in key) decrypter.addPassphrase(key.passphrase)
    else for (const identity of key.identities) decrypter.addIdentity(identity)
    return await decrypter.decrypt(age.armor.decode(trimmedLines(armor)), 'text')
  } catch (cause) {
    throw new BringupError('SECRET_UNAVAILABLE', 'this !age value can not be decrypted', {
      at,
      seen: (cause as Error).message,
      remedy:
        'passphrase' in key
          ? 'Type the passphrase that it was encrypted with.'
          : 'Encrypt it again for your own key (`bringup secrets encrypt`), or set BRINGUP_AGE_IDENTITY to the right file.',
      cause,
    })
  }
}

/** Encrypts to recipients (`age1…`), or with a passphrase. @returns the armored file, without a line end behind it */
export async function encryptAge(
  value: string,
  to: { readonly recipients: readonly string[] } | { readonly passphrase: string },
): Promise<string> {
  const age = await import('age-encryption')
  const encrypter = new age.Encrypter()
  if ('passphrase' in to) encrypter.setPassphrase(to.passphrase)
  else
    for (const recipient of to.recipients)
      try {
        encrypter.addRecipient(recipient)
      } catch (cause) {
        throw new BringupError('USAGE', `${JSON.stringify(recipient)} is not an age recipient`, {
          remedy: 'Name a public key as `bringup secrets keygen` prints it: age1…',
          cause,
        })
      }
  return age.armor.encode(await encrypter.encrypt(value)).trimEnd()
}

/** Recipients that the identities of a file stand for: what they can decrypt. */
export async function recipientsOf(identities: readonly string[]): Promise<string[]> {
  const age = await import('age-encryption')
  return Promise.all(identities.map((identity) => age.identityToRecipient(identity)))
}

const trimmedLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
