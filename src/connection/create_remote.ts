import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from '../errors.ts'
import type { Become } from './become.ts'
import type { Transport } from './channel.ts'
import { runCommand } from './command.ts'
import { lost, openShell } from './open_shell.ts'
import { createPool } from './pool.ts'
import type { Pool } from './pool.ts'
import type { Remote, Seconds } from './remote.ts'
import { download, upload } from './transfer.ts'

interface Connection {
  readonly transport: Transport
  readonly pool: Pool
}

/** Faults that more patience cannot mend. */
const FINAL = new Set(['HOST_KEY_CHANGED', 'HOST_KEY_REVOKED', 'INTERRUPTED', 'FILE_UNREADABLE'])

/** A host behind some transport; `open` makes a new connection to it, at first and after a reboot. */
export async function createRemote(options: {
  host: string
  become: () => Become | null
  /** For opening one shell. */
  timeout: Seconds
  open: (signal?: AbortSignal) => Promise<Transport>
  signal?: AbortSignal
}): Promise<Remote> {
  const { host } = options
  const shell = { host, timeout: options.timeout }
  let closed = false

  const connect = async (signal?: AbortSignal): Promise<Connection> => {
    const transport = await options.open(signal)
    return {
      transport,
      pool: createPool((onProgress) =>
        openShell(transport, { ...shell, become: options.become() }, onProgress),
      ),
    }
  }
  let connection = await connect(options.signal)

  const disconnect = async ({ transport, pool }: Connection): Promise<void> => {
    pool.close(() => lost(host, undefined, false))
    await transport.close()
  }

  return {
    host,
    run: (script, command) => runCommand({ pool: connection.pool, host }, script, command),
    upload: (content, path) => upload({ pool: connection.pool, host }, content, path),
    download: (path) => download({ pool: connection.pool, host }, path),
    forwardIn: (accept) => connection.transport.forwardIn(accept),

    async reconnect({ timeout, signal }) {
      await disconnect(connection)
      const until = performance.now() + timeout * 1000
      for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
        try {
          const next = await connect(signal)
          // Whoever closed it meanwhile must not be left with a connection.
          if (closed) return await disconnect(next)
          connection = next
          return
        } catch (error) {
          if (signal?.aborted || (error instanceof BringupError && FINAL.has(error.code))) throw error
          if (performance.now() + pause > until) throw notBack(host, timeout, error)
        }
        await delay(pause, null, { signal }).catch(() => {})
      }
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
