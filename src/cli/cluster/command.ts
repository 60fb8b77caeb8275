import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import type { Seconds } from '../../connection/remote.ts'
import type { Change } from '../../cluster/day_two/change.ts'
import { milliseconds } from '../../pacemaker/cib/meaning.ts'
import { acceptNew, inventory, seconds, wait } from '../options.ts'
import type { ChangeArguments } from './change.ts'
import type { ClusterArguments } from './on_cluster.ts'

const ABOUT = `
Each says first what Pacemaker itself foresees, does it, waits until the cluster is at rest, and tells what stays behind,
with the command that takes it away. One that is so already does nothing. --check ends after the forecast.

  bringup cluster standby server1 -i hosts.yml --check      what would move where
  bringup cluster standby server1 -i hosts.yml              server1 runs nothing, until:
  bringup cluster unstandby server1 -i hosts.yml
  bringup cluster move vip --to server2 --for 2h -i hosts.yml
  bringup cluster clear vip -i hosts.yml                    vip may run anywhere again
  bringup cluster failcounts -i hosts.yml                   what failed, how often, where
  bringup cluster cleanup vip -i hosts.yml                  vip is tried again where it failed
  bringup cluster maintenance on -i hosts.yml               nothing is watched, started or stopped, until:
  bringup cluster maintenance off -i hosts.yml

Names are the cluster's own: bringup status shows them. The hosts are locked meanwhile, as by a run.
Exit codes: 0 done, or nothing to do; 1 usage; 2 refused, or it failed; 4 a host could not be reached; 5 the inventory is
wrong; 6 another run has the hosts; 130 interrupted.`

/** Adds `cluster` with its subcommands. @param ended is told the exit code */
export function addClusterCommand(program: Command, ended: (exitCode: number) => void): void {
  const cluster = program
    .command('cluster')
    .summary('work on a running cluster: standby, move, maintenance, …')
    .description('What is done to a running cluster, day by day.')
    .addHelpText('after', ABOUT)

  const change = async (wanted: Change, options: ChangeArguments): Promise<void> => {
    const { changeCommand } = await import('./change.ts')
    ended(await changeCommand(wanted, options))
  }

  for (const kind of ['standby', 'unstandby'] as const)
    changing(
      cluster
        .command(kind)
        .argument('<node>', 'as the cluster calls it')
        .summary(
          kind === 'standby'
            ? 'a node runs nothing, and others what it ran'
            : 'a node may run everything again',
        ),
    ).action((node: string, options: ChangeArguments) => change({ kind, node }, options))

  changing(
    cluster
      .command('move')
      .argument('<resource>', 'a resource, a group, or a clone, whose promoted instance is meant')
      .summary('a resource goes to another node, and stays there until it is cleared')
      .option('--to <node>', 'where to; off the node where it runs when left out')
      .addOption(
        new Option('--for <duration>', 'how long it is held there: 90s, 30min, 2h, 1d').argParser(duration),
      ),
  ).action((resource: string, options: ChangeArguments & { to?: string; for?: Seconds }) =>
    change({ kind: 'move', resource, to: options.to, lifetime: options.for }, options),
  )

  changing(
    cluster
      .command('clear')
      .argument('<resource>')
      .summary('what moves and bans of a resource have left is taken away'),
  ).action((resource: string, options: ChangeArguments) => change({ kind: 'clear', resource }, options))

  changing(
    cluster
      .command('cleanup')
      .argument('[resource]', 'all when left out')
      .summary('failures are forgotten, and what failed is tried again')
      .option('--node <node>', 'only those on this node'),
  ).action((resource: string | undefined, options: ChangeArguments & { node?: string }) =>
    change({ kind: 'cleanup', resource, node: options.node }, options),
  )

  asking(
    cluster
      .command('failcounts')
      .argument('[resource]', 'all when left out')
      .summary('failures that the cluster counts; changes nothing'),
  ).action(async (resource: string | undefined, options: ClusterArguments) => {
    const { failcountsCommand } = await import('./failcounts.ts')
    ended(await failcountsCommand(resource, options))
  })

  changing(
    cluster
      .command('maintenance')
      .addArgument(
        new Argument('<state>', 'of the whole cluster, unless an option says less').choices(['on', 'off']),
      )
      .summary('the cluster leaves everything as it is, or no longer')
      .addOption(new Option('--node <node>', 'of this node alone').conflicts('resource'))
      .addOption(new Option('--resource <resource>', 'of this resource, group or clone alone')),
  ).action((state: 'on' | 'off', options: ChangeArguments & { node?: string; resource?: string }) =>
    change(
      { kind: 'maintenance', on: state === 'on', node: options.node, resource: options.resource },
      options,
    ),
  )
}

function asking(command: Command): Command {
  return command
    .addOption(inventory())
    .option('--limit <hosts>', 'only these hosts (pattern): those of the cluster that is meant', 'all')
    .addOption(acceptNew())
    .option('--json', 'print one line of JSON', false)
}

function changing(command: Command): Command {
  return asking(command)
    .option('--check', 'change nothing; say what would happen', false)
    .addOption(seconds('--timeout', 'how long the cluster may take to come to rest').default(300))
    .addOption(wait())
    .option('--risk-outage', 'go on although something that runs would stop', false)
    .option(
      '--risk-old-data',
      "go on although DRBD is not in step, and the newer data may be the others'",
      false,
    )
}

/** As Pacemaker reads times, and days. */
function duration(text: string): Seconds {
  const days = /^(\d+)d$/.exec(text)
  const time = days === null ? milliseconds(text) : Number(days[1]) * 86_400_000
  if (time !== undefined && time >= 1000) return Math.round(time / 1000)
  throw new InvalidArgumentError('It takes a duration of a second or more, as 90s, 30min, 2h or 1d.')
}
