import { allStatus, statusExitCode } from '../cluster/status/all_status.ts'
import type { AllStatus } from '../cluster/status/all_status.ts'
import type { Seconds } from '../connection/remote.ts'
import { statusText } from '../report/status_text.ts'
import { painter } from '../report/style.ts'
import { wrapped } from '../report/wrap.ts'
import { settleAll } from '../run/group.ts'
import { ask } from './ask.ts'
import { chosenHosts } from './chosen_hosts.ts'
import { interruptible } from './interrupt.ts'
import type { HostsArguments } from './on_hosts.ts'
import { rememberedAnswers } from './remembered_answers.ts'
import { statusJson } from './status_json.ts'
import { watchedHost } from './watched_host.ts'

/** An operator waits for it; a host that takes longer is as good as away. */
const CONNECT_LIMIT: Seconds = 10

/** While watching: the others are not to wait for one that hangs. */
const PATIENCE: Seconds = 5

export type StatusArguments = HostsArguments & {
  readonly output: 'text' | 'json'
  /** How often; true for the usual. */
  readonly watch?: Seconds | true
}

const EVERY: Seconds = 2

/**
 * `bringup status`: the clusters that the hosts belong to and their replicated data, at a glance, once or watched. Facts
 * are not gathered: on a host in trouble, a disk that does not answer must not keep its cluster's state from being seen.
 *
 * @returns 0 when all is well, 2 when something is wrong, else 4 when a host could not be reached; 130 when a watch was
 *   ended
 */
export async function statusCommand(options: StatusArguments): Promise<number> {
  const { output, watch, forks, acceptNew } = options
  const hosts = await chosenHosts(options.inventory, options.limit)
  const interrupt = interruptible()
  const { signal } = interrupt
  const answers = rememberedAnswers(ask)
  const watched = hosts.map((host) =>
    watchedHost(host, { ask: answers.ask, acceptNew, signal, timeout: CONNECT_LIMIT }),
  )
  const look = async (patience?: Seconds): Promise<AllStatus> => {
    const results = await settleAll(watched, forks, (host) => host.ask(patience))
    signal.throwIfAborted()
    const all = results.map((result) => {
      if (result.status === 'rejected') throw result.reason
      return result.value
    })
    return allStatus(
      all.flatMap(({ report }) => report ?? []),
      all.flatMap(({ missed }) => missed ?? []),
    )
  }
  try {
    const first = await look()
    if (watch === undefined) {
      process.stdout.write(`${shown(first, output)}\n`)
      return statusExitCode(first)
    }
    // Nobody could type a password into a screen that is redrawn.
    answers.askNoMore()
    let known: AllStatus | null = first
    const { watchStatus } = await import('./status_watch.ts')
    return await watchStatus(
      async () => {
        const status = known ?? (await look(PATIENCE))
        known = null
        return status
      },
      { every: watch === true ? EVERY : watch, output, signal },
    )
  } finally {
    interrupt.done()
    await Promise.allSettled(watched.map((host) => host.close()))
  }
}

function shown(status: AllStatus, output: 'text' | 'json'): string {
  if (output === 'json') return statusJson(status)
  const text = statusText(status, painter(process.stdout.hasColors?.() ?? false))
  return process.stdout.isTTY ? wrapped(text, process.stdout.columns) : text
}
