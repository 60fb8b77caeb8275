import { userInfo } from 'node:os'
import type { Host } from '../inventory/inventory.ts'
import type { Secret } from '../secret.ts'
import type { Ask } from './ask.ts'
import type { Become } from './become.ts'
import { createRemote } from './create_remote.ts'
import { dial } from './dial.ts'
import { localTransport } from './local_transport.ts'
import type { LockableRemote, Seconds } from './remote.ts'
import { sshTransport } from './ssh_transport.ts'

export interface ConnectOptions {
  /** Learn the keys of hosts that are not in known_hosts yet. A key that differs from a known one is refused anyway. */
  readonly acceptNew: boolean
  /** Asks for passwords and passphrases; gives null where there is nobody to ask. */
  readonly ask: Ask
  readonly signal?: AbortSignal
  /** For each connection on the way, and for opening a shell; 20 s when left out. */
  readonly timeout?: Seconds
  /** The controller's own; `process.env` when left out. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}

const TIMEOUT: Seconds = 20

/**
 * Connects to a host as its inventory and ~/.ssh/config say. Sudo, where asked for, is used once per shell.
 * @throws BringupError UNREACHABLE, AUTH_FAILED, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, HOST_KEY_REVOKED, INTERRUPTED,
 *   each with what was tried and what to do
 */
export async function connectHost(host: Host, options: ConnectOptions): Promise<LockableRemote> {
  const settings = host.connection
  const { ask, timeout = TIMEOUT, environment = process.env } = options
  const local = settings.kind === 'local'
  let user = local ? userInfo().username : (settings.user ?? '')

  const become: Become = {
    host: host.name,
    get user() {
      return user
    },
    password: rememberedPassword(settings.becomePassword, () =>
      ask(`sudo password of ${user} on ${host.name}`),
    ),
  }
  return createRemote({
    host: host.name,
    timeout,
    become: () => (settings.become && user !== 'root' ? become : null),
    open: async (signal = options.signal) => {
      if (local) return localTransport(environment)
      const dialed = await dial(settings, {
        password: settings.password,
        acceptNew: options.acceptNew,
        ask,
        timeout,
        environment,
        ...(signal === undefined ? {} : { signal }),
      })
      user = dialed.target.user
      return sshTransport(dialed.client, host.name)
    },
  })
}

/** The password that the inventory gives, or the one that a person types, once for all shells of a host. */
function rememberedPassword(given: Secret | null, ask: () => Promise<Secret | null>): Become['password'] {
  let typed: Promise<Secret | null> | null = null
  return async (again) => {
    if (given !== null) return { secret: given, typed: false }
    if (again) typed = null
    typed ??= ask()
    const secret = await typed
    return secret === null ? null : { secret, typed: true }
  }
}
