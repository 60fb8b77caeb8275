import { setTimeout as delay } from 'node:timers/promises'
import v8 from 'node:v8'
import type { Ask } from '../connection/ask.ts'
import { connectHost } from '../connection/connect.ts'
import type { ConnectOptions } from '../connection/connect.ts'
import { asBringupError } from '../errors.ts'
import { createOverwrites } from './overwrites.ts'
import { gatherFacts } from '../facts/gather.ts'
import type { Claim } from '../connection/lock_claim.ts'
import type { Egress } from '../connection/egress.ts'
import type { Remote } from '../connection/remote.ts'
import type { Host } from '../inventory/inventory.ts'
import type { Emit } from './events.ts'
import { reportError } from './error_report.ts'
import { settleAll } from './group.ts'
import type { HostSession } from './host_session.ts'

export interface ConnectHostsOptions extends ConnectOptions {
  readonly forks: number
  readonly emit: Emit
  /** Asks each host once to be alone there, before anything is read of it. */
  readonly claim?: Claim | undefined
}

/**
 * What passes through a run is soon garbage, of which V8 lets up to 128 MiB gather. Of more hosts than these it is
 * collected by small pieces, which costs a few hosts a tenth of their time, and many of them nothing.
 */
const FEW_HOSTS = 20

/** Connects many hosts at once and gathers their facts; those that can't be reached are reported and left out. */
export async function connectHosts(
  hosts: readonly Host[],
  options: ConnectHostsOptions,
): Promise<HostSession[]> {
  if (hosts.length > FEW_HOSTS) v8.setFlagsFromString('--semi-space-growth-factor=1')
  const connecting = { ...options, ask: oneAtATime(options.ask) }
  const results = await settleAll(hosts, options.forks, async (host) => {
    const started = performance.now()
    try {
      const session = await openSession(host, connecting)
      options.emit({
        type: 'connected',
        host: host.name,
        milliseconds: Math.round(performance.now() - started),
      })
      return session
    } catch (thrown) {
      if (options.signal?.aborted) throw options.signal.reason
      const error = asBringupError(thrown).within({ host: host.name, at: host.at })
      options.emit({ type: 'unreachable', host: host.name, error: reportError(error) })
      throw error
    }
  })
  return results.filter((result) => result.status === 'fulfilled').map((result) => result.value)
}

/** Hosts connect side by side, and may all have a question; a terminal takes one answer at a time. */
function oneAtATime(ask: Ask): Ask {
  let last: Promise<unknown> = Promise.resolve()
  return (question) => {
    const answer = last.then(() => ask(question))
    last = answer.catch(() => undefined)
    return answer
  }
}

async function openSession(host: Host, options: ConnectHostsOptions): Promise<HostSession> {
  const remote = await connectHost(host, options)
  try {
    const way = egressOf(host, remote, options.emit)
    // It is looked at below, also when the lock is what fails.
    way.catch(() => {})
    const lock = options.claim === undefined ? null : await remote.lock(options.claim)
    const [facts, egress] = await Promise.all([gatherFacts(remote), way])
    egress?.allow([...host.connection.egressAllow, ...facts.packageSources])
    return {
      host,
      remote,
      lock,
      facts,
      egress,
      overwrites: createOverwrites(host.name, host.consents),
      planned: new Map(),
      close: async () => {
        // The way goes with the connection; a host that does not answer any more keeps no run from ending.
        const closed = egress?.close().catch(() => {})
        await Promise.race([closed, delay(1000, null, { ref: false })])
        await remote.close()
      },
    }
  } catch (error) {
    await remote.close()
    throw error
  }
}

async function egressOf(host: Host, remote: Remote, emit: Emit): Promise<Egress | null> {
  if (host.connection.egress !== 'controller') return null
  const { openHostEgress } = await import('./host_egress.ts')
  return openHostEgress(remote, emit)
}
