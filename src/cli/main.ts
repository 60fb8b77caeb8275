import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { asBringupError, BringupErrors } from '../errors.ts'
import { reportError } from '../run/error_report.ts'
import { errorText } from '../report/error_text.ts'
import { painter } from '../report/style.ts'
import type { RunArguments } from './run.ts'
import { version } from './version.ts'

/** Runs one command line. @returns the exit code */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const program = commands((code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1
    return fail(error)
  }
}

/** Says what is wrong, on standard error; a stack trace only for what is a defect, and only when asked for. */
function fail(thrown: unknown): number {
  const paint = painter(process.stderr.hasColors?.() ?? false)
  const problems = thrown instanceof BringupErrors ? thrown.problems : [asBringupError(thrown)]
  for (const problem of problems) process.stderr.write(`${errorText(reportError(problem), paint)}\n`)
  if (process.env['BRINGUP_DEBUG'] !== undefined && thrown instanceof Error)
    process.stderr.write(`${thrown.stack}\n`)
  return problems[0]?.exitCode ?? 1
}

function commands(ended: (exitCode: number) => void): Command {
  const program = new Command('bringup')
    .description('Brings bare machines up to a working high-availability Linux cluster, over SSH.')
    .version(version())
    .exitOverride()
    .showSuggestionAfterError()

  const inventory = (): Option =>
    new Option(
      '-i, --inventory <file>',
      'the hosts: a YAML file or a directory of them',
    ).makeOptionMandatory()
  const collect = (value: string, previous: string[]): string[] => [...previous, value]
  const list = (value: string): string[] => value.split(',').map((tag) => tag.trim())

  program
    .command('run')
    .argument('<playbook>')
    .summary('carry out a playbook')
    .addOption(inventory())
    .option('--check', 'change nothing; show what would change, as diffs', false)
    .option('--diff', 'show what changes as diffs', false)
    .option('--limit <hosts>', 'only these hosts of the plays (pattern)')
    .option('--tags <tags>', 'only roles and plays with one of these tags', list)
    .option('--start-at <role>', 'leave out the roles before this one')
    .option('-e, --extra-vars <key=value>', 'a var over all others; @FILE for a file of them', collect, [])
    .option('--forks <n>', 'hosts that work at once', parseForks, 50)
    .option('--accept-new', 'learn the host keys of hosts that are not in known_hosts yet', false)
    .addOption(new Option('--output <format>', 'what to print').choices(['text', 'json']).default('text'))
    .action(async (playbook: string, options: RunArguments) => {
      const { runCommand } = await import('./run.ts')
      ended(await runCommand(playbook, options))
    })

  return program
}

function parseForks(text: string): number {
  const forks = Number(text)
  if (Number.isInteger(forks) && forks >= 1) return forks
  throw new InvalidArgumentError('It takes a whole number from 1.')
}
