import { BringupErrors, asBringupError } from '../../errors.ts'
import { findMembers } from '../../cluster/day_two/members.ts'
import type { Members } from '../../cluster/day_two/members.ts'
import type { Seconds } from '../../connection/remote.ts'
import { reportError } from '../../run/error_report.ts'
import { quote } from '../../shell/quote.ts'
import { ask } from '../ask.ts'
import { chosenHosts } from '../chosen_hosts.ts'
import { interruptible } from '../interrupt.ts'
import { rememberedAnswers } from '../remembered_answers.ts'

export interface ClusterArguments {
  readonly inventory: string[]
  readonly limit: string
  readonly acceptNew: boolean
  /** What goes wrong is told as JSON, too; not for commands that print another form. */
  readonly json?: boolean
}

/** An operator waits for it; a host that takes longer is as good as away. */
const CONNECT_LIMIT: Seconds = 10

/**
 * Finds the cluster of the chosen hosts, gives it to `work`, and closes the connections. With `--json`, what goes wrong
 * is a line of JSON too.
 * @returns the exit code
 */
export async function onCluster(
  options: ClusterArguments,
  work: (members: Members, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupt = interruptible()
  const { signal } = interrupt
  let members: Members | null = null
  try {
    const hosts = await chosenHosts(options.inventory, options.limit)
    const connect = {
      acceptNew: options.acceptNew,
      ask: rememberedAnswers(ask).ask,
      signal,
      timeout: CONNECT_LIMIT,
    }
    members = await findMembers(hosts, connect)
    return await work(members, signal)
  } catch (error) {
    // What waits ends with errors of its own kind.
    const thrown: unknown = signal.aborted ? signal.reason : error
    if (options.json !== true) throw thrown
    const problems = thrown instanceof BringupErrors ? thrown.problems : [asBringupError(thrown)]
    const exitCode = problems[0]?.exitCode ?? 1
    printJson({ exitCode, errors: problems.map(reportError) })
    return exitCode
  } finally {
    interrupt.done()
    await members?.close()
  }
}

export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)

/** A whole command line for words of `bringup cluster`, on the same hosts. */
export const commandLine =
  ({ inventory, limit }: ClusterArguments) =>
  (words: readonly string[]): string =>
    [
      ...(process.env['npm_command'] === 'exec' ? ['npx'] : []),
      'bringup',
      'cluster',
      ...words,
      ...inventory.flatMap((file) => ['-i', file]),
      ...(limit === 'all' ? [] : ['--limit', limit]),
    ]
      .map(quote)
      .join(' ')
