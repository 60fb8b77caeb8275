import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { AcceptConnection, Client, ClientChannel, TcpConnectionDetails } from 'ssh2'
import { BringupError } from '../errors.ts'
import type { Channel, ChannelEnd, Transport } from './channel.ts'
import { lost } from './open_shell.ts'

/** A host's answer when its sessions are used up; freed as soon as it has reaped a shell that ended. */
const OPEN_FAILED = /open failed/i
const ATTEMPTS = 8

/** Programs on a host, over a connection that is logged in. */
export function sshTransport(client: Client, host: string): Transport {
  const gone = Promise.withResolvers<void>()
  let alive = true
  let why: Error | null = null
  const end = (): void => {
    alive = false
    gone.resolve()
    // Whatever half of the socket is left: its channels hear of the end only when it is closed.
    client.destroy()
  }
  client.on('error', (error) => (why ??= error))
  client.once('end', end).once('close', end)

  return {
    get alive() {
      return alive
    },
    async exec(command) {
      for (let attempt = 1; ; attempt += 1) {
        if (!alive) throw lost(host, why, false)
        try {
          return asChannel(await openChannel(client, command), () => why)
        } catch (error) {
          if (!alive) throw lost(host, error, false)
          if (attempt === ATTEMPTS || !OPEN_FAILED.test(String(error))) throw noSession(host, error)
          await delay(25 * 2 ** attempt)
        }
      }
    },
    async forwardIn(accept, port) {
      if (!alive) throw lost(host, why, false)
      return forwardIn(client, host, accept, port)
    },
    async close() {
      if (!alive) return
      client.end()
      // A host that does not answer does not keep a run from ending.
      await Promise.race([gone.promise, delay(1000, null, { ref: false })])
      client.destroy()
    },
  }
}

function openChannel(client: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    // Throws at once, rather than calling back, where the connection is gone.
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)))
  })
}

/** @param why tells what has broken the connection, or null */
function asChannel(channel: ClientChannel, why: () => Error | null): Channel {
  const { promise: closed, resolve } = Promise.withResolvers<ChannelEnd>()
  let code: number | null = null
  let signal: string | null = null
  channel.on('exit', (status: number | null, name?: string) => {
    code = status
    signal = name ?? null
  })
  channel.on('error', () => {})
  channel.once('close', () => resolve({ code, signal, broken: why() }))
  return { stdin: channel, stdout: channel, stderr: channel.stderr, closed, destroy: () => channel.destroy() }
}

async function forwardIn(
  client: Client,
  host: string,
  accept: (connection: Duplex) => void,
  wanted = 0,
): Promise<{ port: number; close(): Promise<void> }> {
  const port = await new Promise<number>((resolve, reject) =>
    client.forwardIn('127.0.0.1', wanted, (error, bound) =>
      error ? reject(error) : resolve(wanted || bound),
    ),
  ).catch((cause: unknown) => {
    throw new BringupError('REFUSED', `sshd on ${host} does not let connections be forwarded`, {
      host,
      cause,
      remedy: 'Set `AllowTcpForwarding yes` (or `remote`) in sshd_config there, for as long as it is needed.',
    })
  })
  const onConnection = (details: TcpConnectionDetails, take: AcceptConnection<ClientChannel>): void => {
    if (details.destPort === port) accept(take())
  }
  client.on('tcp connection', onConnection)
  return {
    port,
    async close() {
      client.off('tcp connection', onConnection)
      await new Promise<void>((resolve) => {
        try {
          client.unforwardIn('127.0.0.1', port, () => resolve())
        } catch {
          resolve()
        }
      })
    },
  }
}

function noSession(host: string, cause: unknown): BringupError {
  return new BringupError('UNREACHABLE', `${host} is logged in to, but refuses to start a shell`, {
    host,
    cause,
    seen: cause instanceof Error ? cause.message : String(cause),
    remedy: 'Look at MaxSessions, ForceCommand and the login shell of the user there.',
  })
}
