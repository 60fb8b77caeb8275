import { askHost } from '../cluster/status/ask_host.ts'
import type { Unreachable } from '../cluster/status/clusters.ts'
import type { HostReport } from '../cluster/status/host_report.ts'
import { connectHost } from '../connection/connect.ts'
import type { ConnectOptions } from '../connection/connect.ts'
import type { Remote, Seconds } from '../connection/remote.ts'
import { asBringupError } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'

/** What is known of a host now: its report, that it can't be reached, or an old report while it does not answer. */
export interface HostAnswer {
  readonly report?: HostReport
  readonly missed?: Unreachable
}

/** A host that is asked for its state, once or again and again over one connection. */
export interface WatchedHost {
  /**
   * That it can't be reached is part of the answer. One that takes longer than `patience` is asked on behind that, and a
   * connection that was lost is opened again.
   *
   * @param patience for ever when left out
   */
  ask(patience?: Seconds): Promise<HostAnswer>
  close(): Promise<void>
}

/** How long to wait (ms) for a host that did not answer before: the others are not to stand still for it. */
const NO_PATIENCE = 500

export function watchedHost(host: Host, options: ConnectOptions): WatchedHost {
  const { address } = host.connection
  let remote: Remote | null = null
  let asking: Promise<HostAnswer> | null = null
  let since = 0
  let known: HostAnswer | null = null
  let isLate = false

  const drop = async (): Promise<void> => {
    const old = remote
    remote = null
    await old?.close()
  }

  const tryOnce = async (): Promise<HostAnswer> => {
    try {
      remote ??= await connectHost(host, options)
      return { report: await askHost(remote, options.signal) }
    } catch (thrown) {
      // A connection to a host that hangs takes its time to close.
      void drop().catch(() => {})
      if (options.signal?.aborted) throw options.signal.reason
      const error = asBringupError(thrown)
      if (error.code === 'INTERNAL') throw thrown
      const { remedy } = error.details
      return {
        missed: {
          host: host.name,
          address,
          problem: error.message,
          ...(remedy === undefined ? {} : { remedy }),
        },
      }
    }
  }

  const begin = (): Promise<HostAnswer> => {
    since = performance.now()
    return tryOnce().then((answer) => {
      known = answer
      asking = null
      return answer
    })
  }

  /** What there is to say while it has not answered. */
  const meanwhile = (): HostAnswer => {
    if (known?.missed !== undefined) return known
    const seconds = Math.round((performance.now() - since) / 1000)
    const older = known?.report === undefined ? '' : '; what is shown of it is older'
    const problem = `it has not answered for ${seconds} s${older}`
    return { ...known, missed: { host: host.name, address, problem } }
  }

  return {
    async ask(patience) {
      asking ??= begin()
      if (patience === undefined) return asking
      const limit = isLate || known?.missed !== undefined ? NO_PATIENCE : patience * 1000
      const { promise: late, resolve } = Promise.withResolvers<null>()
      const timer = setTimeout(() => resolve(null), limit)
      const answer = await Promise.race([asking, late]).finally(() => clearTimeout(timer))
      isLate = answer === null
      return answer ?? meanwhile()
    },
    close: drop,
  }
}
