import type { Duplex } from 'node:stream'
import type { Client } from 'ssh2'
import { BringupError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Ask } from './ask.ts'
import { createDeadline } from './deadline.ts'
import { logIn, unreachable } from './login.ts'
import type { Seconds } from './remote.ts'
import { readSshConfig } from './ssh_config.ts'
import { parseHop, resolveTarget } from './target.ts'
import type { Target, TargetSettings } from './target.ts'
import { openForwarded, openProxyCommand, openSocket } from './way.ts'

export interface DialOptions {
  readonly password: Secret | null
  readonly ask: Ask
  readonly acceptNew: boolean
  /** For each host on the way, without the time that a person takes to type. */
  readonly timeout: Seconds
  readonly signal?: AbortSignal
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Jumps of jumps come from ~/.ssh/config, where they may form a circle. */
const DEPTH = 8

/** Logs in to a host, through others where the way leads through others. Their connections end with the last one. */
export async function dial(settings: TargetSettings, options: DialOptions, depth = 0): Promise<Dialed> {
  const target = resolveTarget(
    settings,
    await readSshConfig(settings.address, settings, options.environment),
    options.environment,
  )
  if (depth > DEPTH)
    throw new BringupError('UNREACHABLE', `more than ${DEPTH} jump hosts one behind the other`, {
      host: target.name,
      remedy: 'See whether ProxyJump in ~/.ssh/config leads in a circle.',
    })
  const through = await dialJumps(target, settings, options, depth)
  const deadline = createDeadline(options.timeout)
  const signal = AbortSignal.any([deadline.signal, ...(options.signal ? [options.signal] : [])])
  const ask: Ask = (prompt) => deadline.pausing(() => options.ask(prompt))
  let accepted = false
  try {
    const socket = await openWay(target, through, signal)
    // What becomes of a connection behind a proxy command, nobody tells.
    accepted = through !== null || target.proxyCommand === null
    const client = await logIn(socket, target, { ...options, ask, signal }).catch((error: unknown) => {
      socket.destroy()
      throw error
    })
    client.once('close', () => through?.client.end())
    return { client, target }
  } catch (error) {
    through?.client.end()
    if (options.signal?.aborted)
      throw new BringupError('INTERRUPTED', 'interrupted while connecting', { cause: error })
    if (deadline.signal.aborted)
      throw unreachable(target, Object.assign(new Error(), { code: accepted ? 'MUTE' : 'ETIMEDOUT' }))
    throw error instanceof BringupError ? error.within({ host: target.name }) : unreachable(target, error)
  } finally {
    deadline.clear()
  }
}

export interface Dialed {
  readonly client: Client
  readonly target: Target
}

/** Only the nearest jump host goes its own configured way; the others are reached through the one before. */
async function dialJumps(
  target: Target,
  settings: TargetSettings,
  options: DialOptions,
  depth: number,
): Promise<Dialed | null> {
  if (settings.jump === null && target.proxyCommand !== null) return null
  const last = target.jumps.at(-1)
  if (last === undefined) return null
  const before = target.jumps.slice(0, -1).join(',')
  const hop = parseHop(last)
  return dial(
    {
      ...hop,
      // A jump host that the inventory names is let in by the inventory's key; one of ~/.ssh/config by its own.
      identityFile: settings.jump === null ? null : settings.identityFile,
      jump: before === '' ? null : before,
      proxyCommand: null,
      knownHosts: settings.knownHosts,
    },
    { ...options, password: null },
    depth + 1,
  )
}

async function openWay(target: Target, through: Dialed | null, signal: AbortSignal): Promise<Duplex> {
  signal.throwIfAborted()
  if (through !== null) return openForwarded(through.client, target.address, target.port)
  if (target.proxyCommand !== null) return openProxyCommand(target.proxyCommand)
  return openSocket(target.address, target.port, signal)
}
