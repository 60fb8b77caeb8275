import { Command, InvalidArgumentError, Option } from 'commander'
import { addCibCommand } from './cib/command.ts'
import type { HostsArguments } from './on_hosts.ts'
import type { PlanArguments } from './plan.ts'
import type { ReportArguments } from './report.ts'
import type { RunArguments } from './run.ts'
import { addClusterCommand } from './cluster/command.ts'
import { acceptNew, collect, inventory, wait } from './options.ts'
import { addSecretsCommand } from './secrets/command.ts'
import type { StatusArguments } from './status.ts'
import { version } from './version.ts'

/**
 * The command line. What a command needs is loaded when it is called: most of it is slow to load and seldom used.
 * @param ended is told the exit code
 */
export function bringupProgram(ended: (exitCode: number) => void): Command {
  const program = new Command('bringup')
    .description('Brings bare machines up to a working high-availability Linux cluster, over SSH.')
    .version(version())
    .exitOverride()
    .showSuggestionAfterError()

  onPlaybook(program.command('run').summary('carry out a playbook'))
    .option('--check', 'change nothing; show what would change, as diffs', false)
    .option('--resume', 'continue the last run, which failed, at the role that did not get done', false)
    .option('--diff', 'show what changes as diffs', false)
    .option('--destroy <host:device>', 'what is on this device may be destroyed; again for each', collect, [])
    .addOption(forks())
    .addOption(wait())
    .addOption(acceptNew())
    .addOption(output())
    .action(async (playbook: string, options: RunArguments) => {
      const { runCommand } = await import('./run.ts')
      ended(await runCommand(playbook, options))
    })

  onPlaybook(
    program.command('validate').summary('find everything that can be known to be wrong without connecting'),
  ).action(async (playbook: string, options: PlanArguments) => {
    const { validateCommand } = await import('./validate.ts')
    ended(await validateCommand(playbook, options))
  })

  onPlaybook(program.command('plan').summary('show the ordered hosts and roles, without connecting')).action(
    async (playbook: string, options: PlanArguments) => {
      const { planCommand } = await import('./plan.ts')
      ended(await planCommand(playbook, options))
    },
  )

  onHosts(program.command('facts').summary('show what is known of the hosts'))
    .addOption(output())
    .action(async (options: HostsArguments & { output: 'text' | 'json' }) => {
      const { factsCommand } = await import('./facts.ts')
      ended(await factsCommand(options))
    })

  onHosts(program.command('status').summary('show how the clusters of the hosts and their data are'))
    .addOption(output())
    .addOption(watch())
    .action(async (options: StatusArguments) => {
      const { statusCommand } = await import('./status.ts')
      ended(await statusCommand(options))
    })

  onHosts(program.command('exec').summary('run one command on the hosts'))
    .argument('<command...>', 'after `--`; its words are passed on as they are')
    .action(async (command: string[], options: HostsArguments) => {
      const { execCommand } = await import('./exec.ts')
      ended(await execCommand(command, options))
    })

  program
    .command('report')
    .summary('write what a run did as an HTML page, for people')
    .argument('[run]', 'the beginning of its name; the latest when left out')
    .option('--list', 'list the runs', false)
    .option('--output <file>', 'where to write it, - to print it; beside the journal when left out')
    .action(async (run: string | undefined, options: ReportArguments) => {
      const { reportCommand } = await import('./report.ts')
      ended(await reportCommand(run, options))
    })

  program
    .command('schema')
    .summary('print a JSON Schema for editors')
    .argument('<kind>', 'inventory, playbook or role')
    .argument('[name]', 'the role')
    .action(async (kind: string, name: string | undefined) => {
      const { schemaCommand } = await import('./schema.ts')
      ended(await schemaCommand(kind, name))
    })

  addCibCommand(program, whichHosts, ended)
  addClusterCommand(program, ended)
  addSecretsCommand(program, ended)

  const fresh = program.command('new').summary('begin something')
  fresh
    .command('role')
    .argument('<name>')
    .summary('write the first lines of a role')
    .action(async (name: string) => {
      const { newRoleCommand } = await import('./new_role.ts')
      ended(await newRoleCommand(name))
    })

  return program
}

const list = (value: string): string[] => value.split(',').map((item) => item.trim())

function onPlaybook(command: Command): Command {
  return command
    .argument('<playbook>')
    .addOption(inventory())
    .option('--limit <hosts>', 'only these hosts of the plays (pattern)')
    .option('--tags <tags>', 'only roles and plays with one of these tags', list)
    .option('--start-at <role>', 'leave out the roles before this one')
    .option('-e, --extra-vars <key=value>', 'a var over all others; @FILE for a file of them', collect, [])
}

function whichHosts(command: Command): Command {
  return command
    .addOption(inventory())
    .option('--limit <hosts>', 'only these hosts (pattern)', 'all')
    .addOption(acceptNew())
}

function onHosts(command: Command): Command {
  return whichHosts(command).addOption(forks())
}

const forks = (): Option =>
  new Option('--forks <n>', 'hosts that work at once').default(50).argParser((text) => {
    const count = Number(text)
    if (Number.isInteger(count) && count >= 1) return count
    throw new InvalidArgumentError('It takes a whole number from 1.')
  })

const watch = (): Option =>
  new Option('--watch [seconds]', 'show it again and again, every 2 seconds when none are given').argParser(
    (text) => {
      const seconds = Number(text)
      if (text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0.5) return seconds
      throw new InvalidArgumentError('It takes a number of seconds from 0.5.')
    },
  )

const output = (): Option =>
  new Option('--output <format>', 'what to print').choices(['text', 'json']).default('text')
