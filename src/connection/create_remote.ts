import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from '../errors.ts'
import type { Become } from './become.ts'
import type { Transport } from './channel.ts'
import { runCommand } from './command.ts'
import { ofTheHost, retakeLock, takeLock } from './host_lock.ts'
import type { Claim } from './lock_claim.ts'
import { RELEASE, shareText } from './lock_text.ts'
import { lost, openShell } from './open_shell.ts'
import { createPool } from './pool.ts'
import type { Pool } from './pool.ts'
import type { LockableRemote, ReverseForward, Seconds } from './remote.ts'
import { download, upload } from './transfer.ts'

interface Forward {
  readonly port: number
  readonly accept: (connection: Duplex) => void
  current: ReverseForward
}

interface Connection {
  readonly transport: Transport
  readonly pool: Pool
}

/** Faults that more patience cannot mend. */
const FINAL = new Set(['HOST_KEY_CHANGED', 'HOST_KEY_REVOKED', 'INTERRUPTED', 'FILE_UNREADABLE', 'LOCKED'])

/** A host behind some transport; `open` makes a new connection to it, at first and after a reboot. */
export async function createRemote(options: {
  host: string
  become: () => Become | null
  /** For opening one shell. */
  timeout: Seconds
  open: (signal?: AbortSignal) => Promise<Transport>
  signal?: AbortSignal
}): Promise<LockableRemote> {
  const { host } = options
  const shell = { host, timeout: options.timeout }
  let closed = false

  const connect = async (signal?: AbortSignal): Promise<Connection> => {
    const transport = await options.open(signal)
    return {
      transport,
      pool: createPool((onProgress, first) =>
        openShell(transport, { ...shell, become: options.become() }, onProgress, first),
      ),
    }
  }
  let connection = await connect(options.signal)
  const forwards = new Set<Forward>()
  let claim: Claim | null = null
  let begun = false

  /** What was so on the connection before. */
  const restore = async (next: Connection): Promise<void> => {
    try {
      // The same ports again: what runs on the host was told of them.
      for (const forward of forwards)
        forward.current = await next.transport.forwardIn(forward.accept, forward.port)
      if (claim !== null) await retakeLock({ pool: next.pool, host }, claim)
      if (begun) next.pool.prepare(shareText())
    } catch (error) {
      await disconnect(next)
      throw error
    }
  }

  const disconnect = async ({ transport, pool }: Connection): Promise<void> => {
    pool.close(() => lost(host, undefined, false))
    await transport.close()
  }

  return {
    host,
    run: (script, command) => runCommand({ pool: connection.pool, host }, script, command),
    upload: (content, path) => upload({ pool: connection.pool, host }, content, path),
    download: (path) => download({ pool: connection.pool, host }, path),

    async forwardIn(accept) {
      const current = await connection.transport.forwardIn(accept)
      const forward: Forward = { port: current.port, accept, current }
      forwards.add(forward)
      return {
        port: forward.port,
        async close() {
          forwards.delete(forward)
          await forward.current.close()
        },
      }
    },

    async reconnect({ timeout, signal }) {
      await disconnect(connection)
      const until = performance.now() + timeout * 1000
      for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
        try {
          const next = await connect(signal)
          // Whoever closed the remote meanwhile must not be left with a connection.
          if (closed) return await disconnect(next)
          await restore(next)
          connection = next
          return
        } catch (error) {
          if (signal?.aborted || (error instanceof BringupError && FINAL.has(error.code))) throw error
          if (performance.now() + pause > until) throw notBack(host, timeout, error)
        }
        await delay(pause, null, { signal }).catch(() => {})
      }
    },

    async lock(wanted) {
      const { pool } = connection
      // Side by side, so that what follows the answer does not wait for a shell; but one alone tries a password.
      if (options.become() === null) pool.warm()
      const answer = await takeLock({ pool, host }, wanted)
      claim = answer.state === 'held' || answer.state === 'shared' ? wanted : null
      return answer
    },

    async unlock() {
      claim = null
      await ofTheHost(host, connection.pool.controlOwn(RELEASE))
    },

    begin() {
      begun = claim !== null
      if (begun) connection.pool.prepare(shareText())
    },

    async close() {
      closed = true
      await disconnect(connection)
    },
  }
}

function notBack(host: string, timeout: Seconds, cause: unknown): BringupError {
  const last =
    cause instanceof BringupError ? [cause.message, cause.details.seen].filter(Boolean).join(': ') : ''
  return new BringupError('UNREACHABLE', `${host} did not come back within ${timeout} s`, {
    host,
    cause,
    ...(last === '' ? {} : { seen: last }),
    remedy: 'Look at its console. When it is back, run again.',
  })
}
