import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { BringupError } from '../../errors.ts'
import { identityFile } from '../../secrets/age.ts'
import type { CommandContext } from '../context.ts'
import { processContext } from '../context.ts'

/**
 * `bringup secrets keygen`: makes this user's age identity, readable by nobody else, and prints the public key that
 * others encrypt to. Never replaces one: values encrypted to it would be lost.
 */
export async function keygenCommand(context: CommandContext = processContext()): Promise<number> {
  const age = await import('age-encryption')
  const file = identityFile(context.environment, context.cwd)
  const identity = await age.generateX25519Identity()
  const recipient = await age.identityToRecipient(identity)
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    writeFileSync(file, `# public key: ${recipient}\n${identity}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST'
    throw new BringupError(
      'USAGE',
      exists
        ? `${file} is there already; it is kept`
        : `${file} can not be written: ${(cause as Error).message}`,
      { remedy: 'For another identity, name another file in BRINGUP_AGE_IDENTITY.', cause },
    )
  }
  context.say(`${file} holds the identity: back it up, and give it to nobody. Its public key, for others:\n`)
  context.out(`${recipient}\n`)
  return 0
}
