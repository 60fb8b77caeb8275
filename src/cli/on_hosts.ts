import { connectHosts } from '../run/connect_hosts.ts'
import type { RunEvent } from '../run/events.ts'
import type { HostSession } from '../run/host_session.ts'
import { errorText } from '../report/error_text.ts'
import { painter, printable } from '../report/style.ts'
import { ask } from './ask.ts'
import { chosenHosts } from './chosen_hosts.ts'
import { interruptible } from './interrupt.ts'

export interface HostsArguments {
  readonly inventory: string[]
  readonly limit: string
  readonly forks: number
  readonly acceptNew: boolean
}

/**
 * Connects the chosen hosts, gives them to `work`, and closes them. Those that can't be reached are told on standard
 * error.
 * @returns what `work` gave, or 4 where all went well but a host could not be reached
 */
export async function onHosts(
  options: HostsArguments,
  work: (sessions: HostSession[], signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const hosts = await chosenHosts(options.inventory, options.limit)
  const interrupt = interruptible()
  const paint = painter(process.stderr.hasColors?.() ?? false)
  const emit = (event: RunEvent): void => {
    if (event.type === 'unreachable')
      process.stderr.write(`${event.host}  ${errorText(event.error, paint)}\n`)
    if (event.type === 'egress_refused')
      process.stderr.write(`${event.host}  refused on its way out: ${printable(event.reason)}\n`)
  }
  const sessions = await connectHosts(hosts, { ...options, ask, signal: interrupt.signal, emit })
  try {
    const exitCode = await work(sessions, interrupt.signal)
    return exitCode === 0 && sessions.length < hosts.length ? 4 : exitCode
  } finally {
    interrupt.done()
    await Promise.allSettled(sessions.map((session) => session.close()))
  }
}
