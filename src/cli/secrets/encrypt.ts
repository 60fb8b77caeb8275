import { BringupError } from '../../errors.ts'
import type { Secret } from '../../secret.ts'
import { encryptAge } from '../../secrets/age.ts'
import { ageBlock } from '../../secrets/age_block.ts'
import type { CommandContext } from '../context.ts'
import { processContext } from '../context.ts'
import { recipientsFor } from './recipients.ts'

export interface EncryptArguments {
  readonly recipient: readonly string[]
  readonly passphrase: boolean
  /** Of the var, to print a whole line of YAML. */
  readonly name?: string
}

/** `bringup secrets encrypt`: a value from standard input, or asked for, as a `!age` block to paste into YAML. */
export async function encryptCommand(
  options: EncryptArguments,
  context: CommandContext = processContext(),
): Promise<number> {
  const { name } = options
  if (name !== undefined && !/^[A-Za-z_][\w.-]*$/.test(name))
    throw new BringupError('USAGE', `--name takes the name of a var, not ${JSON.stringify(name)}`, {
      remedy: 'Give the value itself on standard input, never as an argument.',
    })
  const to = options.passphrase
    ? { passphrase: (await askTwice('Passphrase', context)).reveal() }
    : { recipients: await recipientsFor(options.recipient, context) }
  const piped = await context.input()
  const value =
    piped === null
      ? (await askTwice(name ?? 'Value', context)).reveal()
      : piped.reveal().replace(/\r?\n$/, '')
  if (value === '')
    throw new BringupError('USAGE', 'there is nothing to encrypt', {
      remedy: 'Give the value on standard input.',
    })
  const block = ageBlock(await encryptAge(value, to), 2)
  context.out(`${name === undefined ? '' : `${name}: `}${block}\n`)
  return 0
}

async function askTwice(what: string, { ask }: CommandContext): Promise<Secret> {
  const first = await ask(what)
  if (first === null)
    throw new BringupError('USAGE', 'nobody can be asked here', {
      remedy: 'Give the value on standard input.',
    })
  const second = await ask(`${what}, once more`)
  if (second?.reveal() === first.reveal()) return first
  throw new BringupError('USAGE', 'the two are not the same', { remedy: 'Try again.' })
}
