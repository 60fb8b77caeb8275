import { BringupError } from '../errors.ts'
import { sudoOpening } from './become.ts'
import type { Become } from './become.ts'
import type { Transport } from './channel.ts'
import { openLane, ShellEnded } from './lane.ts'
import type { Lane } from './lane.ts'
import type { Seconds } from './remote.ts'

/** Opens one shell on a host, as root through sudo where `become` is given. */
export async function openShell(
  transport: Transport,
  options: { host: string; become: Become | null; timeout: Seconds },
  onProgress?: () => void,
): Promise<Lane> {
  const { host, become } = options
  const sudo = become === null ? null : sudoOpening()
  const channel = await transport.exec(sudo?.command ?? 'exec sh')
  if (sudo !== null && become !== null) await sudo.converse(channel, become)
  let said = ''
  const listen = (chunk: Buffer): void => void (said += chunk.toString('utf8'))
  channel.stderr.on('data', listen)
  const timer = setTimeout(() => channel.destroy(), options.timeout * 1000)
  try {
    return await openLane(channel, onProgress)
  } catch (error) {
    if (!transport.alive) throw lost(host, error)
    const ended = error instanceof ShellEnded ? error.message : 'the shell did not answer'
    throw new BringupError('UNREACHABLE', `logged in to ${host}, but no POSIX shell could be started there`, {
      host,
      cause: error,
      seen: said.trim() === '' ? ended : said.trim(),
      remedy: `Try \`ssh ${host} 'exec sh'\`: the login shell's start files must let it through.`,
    })
  } finally {
    clearTimeout(timer)
    channel.stderr.off('data', listen)
  }
}

/** The one thing that is known after a connection broke: that the outcome is not. */
export function lost(host: string, cause: unknown, started = true): BringupError {
  return new BringupError(
    'CONNECTION_LOST',
    started
      ? `the connection to ${host} was lost; whether the command ended, and how, is unknown`
      : `the connection to ${host} was lost before the command was begun`,
    { host, cause, remedy: 'Run again: what is already done is seen and left alone.' },
  )
}
