import type { Duplex } from 'node:stream'
import Client from 'ssh2/lib/client.js'
import { BringupError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Ask } from './ask.ts'
import { createLogin } from './auth.ts'
import { prepareHostKeyCheck } from './host_key.ts'
import { PING, watchSilence } from './silence.ts'
import type { Target } from './target.ts'

/** Speaks SSH over `socket`, which is the caller's to close, until logged in. @throws BringupError AUTH_FAILED, HOST_KEY_…, UNREACHABLE */
export async function logIn(
  socket: Duplex,
  target: Target,
  options: { password: Secret | null; ask: Ask; acceptNew: boolean; signal: AbortSignal },
): Promise<Client> {
  const { promise, resolve, reject } = Promise.withResolvers<Client>()
  let refusal: unknown = null
  // The socket may end, or an interruption come, before anybody waits for it.
  promise.catch(() => {})
  socket.on('error', () => {})
  socket.once('close', () => reject(refusal ?? new Error('the host closed the connection during the login')))
  const hostKey = await prepareHostKeyCheck(target, options.acceptNew)
  const login = createLogin(target, options)
  const client = new Client()

  client.once('ready', () => {
    watchSilence(socket, (error) => {
      client.emit('error', error)
      socket.destroy()
    })
    resolve(client)
  })
  client.on('error', (error: Error & { level?: string }) => {
    // An agent that fails is one way in less, not the end.
    if (error.level === 'agent') return
    if (error.level === 'client-authentication') reject(login.failure())
    else reject(refusal ?? error)
  })
  const onAbort = (): void => reject(options.signal.reason)
  options.signal.addEventListener('abort', onAbort, { once: true })

  client.connect({
    // Typed as a readable stream, used as a duplex one.
    sock: socket,
    username: target.user,
    readyTimeout: 0,
    keepaliveInterval: PING * 1000,
    keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    algorithms: { serverHostKey: hostKey.algorithms },
    hostVerifier: (key: Buffer, verified: (trusted: boolean) => void) =>
      void hostKey.verify(key).then(
        () => verified(true),
        (error: unknown) => {
          refusal = error
          verified(false)
        },
      ),
    authHandler: (allowed, _partial, next) =>
      void login.next(allowed).then(
        (method) => next(method as Parameters<typeof next>[0]),
        (error: unknown) => {
          refusal = error
          reject(error)
        },
      ),
  })
  try {
    options.signal.throwIfAborted()
    return await promise
  } catch (error) {
    const cause = socket.errored ?? error
    client.destroy()
    if (cause instanceof BringupError || options.signal.aborted) throw cause
    throw unreachable(target, cause)
  } finally {
    options.signal.removeEventListener('abort', onAbort)
  }
}

const REASONS: Record<string, readonly [said: string, remedy: string]> = {
  ECONNREFUSED: ['nothing listens there', 'See that sshd runs there, and on that port.'],
  EHOSTUNREACH: ['there is no way to it', 'See that the host is up and the network between.'],
  ENETUNREACH: ['there is no way to its network', 'See to the routes of this machine, or set `jump`.'],
  ENOTFOUND: ['the name is not known', 'Correct the name, or set `host` to its address.'],
  EAI_AGAIN: ['the name could not be looked up', 'See to DNS on this machine, or set `host` to its address.'],
  ETIMEDOUT: ['it does not answer', 'See that the host is up and that no firewall drops the connection.'],
  MUTE: [
    'it took the connection, but then did not answer',
    'See that it is sshd that listens there, and that the host does not hang.',
  ],
  ECONNRESET: ['it broke off the connection', 'See the log of sshd there.'],
}

/** A way that failed, in words. */
export function unreachable(target: Target, cause: unknown): BringupError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const [said, remedy] = REASONS[code] ?? [null, 'See that `ssh` gets there from this machine.']
  const place = `${target.address}:${target.port}`
  const name = target.name === target.address ? place : `${target.name} (${place})`
  return new BringupError('UNREACHABLE', `cannot reach ${name}${said === null ? '' : `: ${said}`}`, {
    host: target.name,
    cause,
    ...(said === null && cause instanceof Error ? { seen: cause.message } : {}),
    remedy,
  })
}
