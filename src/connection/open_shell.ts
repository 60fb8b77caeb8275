import { BringupError } from '../errors.ts'
import { sudoOpening } from './become.ts'
import type { Become } from './become.ts'
import type { Transport } from './channel.ts'
import { createDeadline } from './deadline.ts'
import { openLane, ShellEnded } from './lane.ts'
import type { Job, Lane } from './lane.ts'
import type { Seconds } from './remote.ts'

/** Opens one shell on a host, as root through sudo where `become` is given. The time that a person types is free. */
export async function openShell(
  transport: Transport,
  options: { host: string; become: Become | null; timeout: Seconds },
  onProgress?: () => void,
  first?: readonly Job[],
): Promise<Lane> {
  const { host, become } = options
  const deadline = createDeadline(options.timeout)
  const sudo = become === null ? null : sudoOpening()
  const channel = await transport.exec(sudo?.command ?? 'exec sh')
  let said = ''
  const listen = (chunk: Buffer): void => void (said += chunk.toString('utf8'))
  channel.stdout.on('data', listen)
  channel.stderr.on('data', listen)
  const open = async (): Promise<Lane> => {
    if (sudo !== null && become !== null)
      await sudo.converse(channel, {
        ...become,
        password: (again) => deadline.pausing(() => become.password(again)),
      })
    return openLane(channel, onProgress, first)
  }
  try {
    return await Promise.race([open(), whenAborted(deadline.signal)])
  } catch (error) {
    channel.destroy()
    if (error instanceof BringupError) throw error
    if (!transport.alive) throw lost(host, error, false)
    throw noShell(host, error, said)
  } finally {
    deadline.clear()
    channel.stdout.off('data', listen)
    channel.stderr.off('data', listen)
  }
}

function noShell(host: string, cause: unknown, said: string): BringupError {
  const ended = cause instanceof ShellEnded ? cause.message : 'the shell did not answer'
  return new BringupError('UNREACHABLE', `logged in to ${host}, but no POSIX shell could be started there`, {
    host,
    cause,
    // Without the words of our own talk with sudo, and what was meant for the shell.
    seen:
      said
        .replace(/bringup-[\w-]+/g, '')
        .replace(/^\{\ncd \/\n[^]*/m, 'it sent back what it was sent')
        .trim()
        .slice(0, 1000) || ended,
    remedy: `Try \`ssh ${host} 'exec sh'\`: the login shell there, its start files and sshd's ForceCommand must let it through; start files may print, but not read or start something else.`,
  })
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
}

/**
 * The one thing that is known after a connection broke, or a shell on it: that the outcome is not.
 * @param started whether the command may have begun
 */
export function lost(host: string, cause: unknown, started = true): BringupError {
  const what = cause instanceof ShellEnded ? `the shell on ${host}` : `the connection to ${host}`
  return new BringupError(
    'CONNECTION_LOST',
    started
      ? `${what} was lost; whether the command ended, and how, is unknown`
      : `${what} was lost before the command was begun`,
    {
      host,
      cause,
      ...(cause instanceof Error ? { seen: cause.message } : {}),
      remedy: 'Run again: what is already done is seen and left alone.',
    },
  )
}
