import { Option } from 'commander'
import type { Command } from 'commander'
import type { ShowArguments } from './show.ts'

/**
 * Adds `cib` with its subcommands.
 *
 * @param whichHosts adds the options that choose hosts
 * @param ended is told the exit code
 */
export function addCibCommand(
  program: Command,
  whichHosts: (command: Command) => Command,
  ended: (exitCode: number) => void,
): void {
  const cib = program.command('cib').summary("a running cluster's Pacemaker configuration")
  whichHosts(cib.command('show'))
    .summary('print it as it would be declared, or built by pcs or crm')
    .addOption(
      new Option('--as <form>', 'the vars of role cluster_resources, or the commands of a shell')
        .choices(['yaml', 'pcs', 'crm'])
        .default('yaml'),
    )
    .action(async (options: ShowArguments) => {
      const { showCommand } = await import('./show.ts')
      ended(await showCommand(options))
    })
}
