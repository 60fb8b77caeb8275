import { readFile } from 'node:fs/promises'
import keyParser from 'ssh2/lib/protocol/keyParser.js'
import type { ParsedKey } from 'ssh2'
import { BringupError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Ask } from './ask.ts'

/** What became of a key file: a key, or why there is none. */
export type KeyFile = { key: ParsedKey } | { skipped: string }

/** Loads a private key, asking up to three times for its passphrase where it has one. */
export async function loadKey(file: string, ask: Ask): Promise<KeyFile> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BringupError('FILE_UNREADABLE', `cannot read the private key ${file}`, {
      cause,
      remedy: 'Correct `identity_file` (or `ansible_ssh_private_key_file`) of the host.',
    })
  })
  const plain = parse(text)
  if ('key' in plain || !/no passphrase/i.test(plain.skipped)) return plain
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const passphrase = await ask(`Passphrase of ${file}`)
    if (passphrase === null) return { skipped: 'has a passphrase, and nobody was there to type it' }
    const opened = parse(text, passphrase)
    if ('key' in opened) return opened
  }
  return { skipped: 'the passphrase was wrong' }
}

/** The public half beside a key file, as base64; null where there is none. */
export async function publicHalf(file: string): Promise<string | null> {
  const text = await readFile(`${file}.pub`, 'utf8').catch(() => null)
  return text?.trim().split(/\s+/)[1] ?? null
}

function parse(text: string, passphrase?: Secret): KeyFile {
  const parsed = keyParser.parseKey(text, passphrase?.revealBytes())
  if (parsed instanceof Error)
    return {
      skipped: /Unsupported key format/.test(parsed.message)
        ? 'is in a format that is not understood (`ssh-keygen -p -f FILE` writes it anew)'
        : parsed.message,
    }
  const key = Array.isArray(parsed) ? parsed[0] : parsed
  return key?.isPrivateKey() ? { key } : { skipped: 'holds no private key' }
}
