import { BringupError } from '../errors.ts'
import { quote } from '../shell/quote.ts'
import type { CommandOptions, CommandResult, Remote } from '../connection/remote.ts'

/**
 * Runs a script with `$1`, `$2`, … set, with messages in English, so that they can be told apart. The
 * exit status is a result.
 */
export function runScript(
  context: { readonly remote: Pick<Remote, 'run'> },
  script: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const parameters = args.map(quote).join(' ')
  return context.remote.run(`LC_ALL=C; export LC_ALL\nset -- ${parameters}\n${script}`, options)
}

/** As {@link runScript}, for scripts that only end well. @throws BringupError COMMAND_FAILED with what it said */
export async function output(
  context: { readonly remote: Pick<Remote, 'run'> },
  what: string,
  script: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Buffer> {
  const { code, stdout, stderr } = await runScript(context, script, args, options)
  if (code === 0) return stdout
  throw new BringupError('COMMAND_FAILED', `cannot ${what}`, {
    seen: stderr.toString().trim() || `exit status ${code}`,
  })
}
