import type { Command } from 'commander'
import type { EditArguments } from './edit.ts'
import type { EncryptArguments } from './encrypt.ts'

/** Adds `secrets` with its subcommands. @param ended is told the exit code */
export function addSecretsCommand(program: Command, ended: (exitCode: number) => void): void {
  const secrets = program.command('secrets').summary('age-encrypted values inside YAML')

  secrets
    .command('keygen')
    .summary('make your age identity, and print its public key')
    .action(async () => {
      const { keygenCommand } = await import('./keygen.ts')
      ended(await keygenCommand())
    })

  recipients(secrets.command('encrypt'))
    .summary('turn a value, from standard input or asked for, into a !age block')
    .option('--passphrase', 'encrypt with a passphrase, which is asked for', false)
    .option('--name <var>', 'print a whole line of YAML for this var')
    .action(async (options: EncryptArguments) => {
      const { encryptCommand } = await import('./encrypt.ts')
      ended(await encryptCommand(options))
    })

  secrets
    .command('decrypt')
    .summary('print one secret of a file, or the one on standard input')
    .argument('[file]', 'a YAML file')
    .argument('[key]', 'where in it, as hacluster_password or users.0.password')
    .action(async (file: string | undefined, key: string | undefined) => {
      const { decryptCommand } = await import('./decrypt.ts')
      ended(await decryptCommand(file, key))
    })

  recipients(secrets.command('edit'))
    .summary('open $EDITOR on a file with its !age values readable')
    .argument('<file>', 'a YAML file')
    .action(async (file: string, options: EditArguments) => {
      const { editCommand } = await import('./edit.ts')
      ended(await editCommand(file, options))
    })
}

const recipients = (command: Command): Command =>
  command.option(
    '--recipient <age1…>',
    'public key to encrypt to; several times for several; your own identity when left out',
    (key: string, previous: string[]) => [...previous, key],
    [],
  )
