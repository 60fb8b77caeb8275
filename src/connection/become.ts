import { randomBytes } from 'node:crypto'
import { BringupError } from '../errors.ts'
import type { Secret } from '../secret.ts'
import type { Channel } from './channel.ts'

/** Who the shells on a host run as. */
export interface Become {
  readonly host: string
  readonly user: string
  /** sudo's password, and whether a person typed it (and may try again); null when there is none. */
  password(again: boolean): Promise<{ secret: Secret; typed: boolean } | null>
}

export interface SudoOpening {
  /** Runs under any login shell, csh and fish included: plain words and one pair of double quotes. */
  readonly command: string
  /** Talks with sudo until the shell behind it is there. @throws BringupError SUDO_REFUSED */
  converse(channel: Channel, become: Become): Promise<void>
}

/**
 * A root shell through sudo. The password is written only when sudo asks for it, which its prompt tells: without a
 * prompt it would be read by the shell, as a command.
 */
export function sudoOpening(): SudoOpening {
  const prompt = `bringup-asks-${randomBytes(8).toString('hex')}`
  const token = `bringup-is-in-${randomBytes(8).toString('hex')}`
  return {
    command: `exec sudo -S -H -p ${prompt} -- sh -c "echo ${token}; exec sh"`,
    converse: (channel, become) => converse(channel, become, { prompt, token }),
  }
}

function converse(channel: Channel, become: Become, words: { prompt: string; token: string }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let out = ''
  let said = ''
  let asked = 0

  // Nothing typed wrongly is shown: sudo does not echo.
  const ownWords = (): string => said.replaceAll(words.prompt, '').trim()

  const answer = async (): Promise<void> => {
    const again = asked > 1
    const password = await become.password(again)
    if (password === null || (again && !password.typed))
      return reject(refusal(become, password === null, ownWords()))
    channel.stdin.write(`${password.secret.reveal()}\n`)
  }
  const onOut = (chunk: Buffer): void => {
    out += chunk.toString('latin1')
    if (out.includes(`${words.token}\n`)) resolve()
  }
  const onErr = (chunk: Buffer): void => {
    said += chunk.toString('utf8')
    const prompts = said.split(words.prompt).length - 1
    if (prompts <= asked) return
    asked = prompts
    answer().catch(reject)
  }
  channel.stdout.on('data', onOut)
  channel.stderr.on('data', onErr)
  void channel.closed.then(() => {
    reject(refusal(become, false, ownWords(), asked > 0))
  })
  return promise
    .catch((error: unknown) => {
      channel.destroy()
      throw error
    })
    .finally(() => {
      channel.stdout.off('data', onOut)
      channel.stderr.off('data', onErr)
    })
}

function refusal(become: Become, noPassword: boolean, said: string, ended = false): BringupError {
  const who = `${become.user} on ${become.host}`
  const error = (message: string, remedy: string): BringupError =>
    new BringupError('SUDO_REFUSED', message, {
      host: become.host,
      remedy,
      ...(said.trim() === '' || noPassword ? {} : { seen: said.trim() }),
    })
  if (noPassword)
    return error(
      `sudo wants a password of ${who}, and none is known`,
      'Set `become_password` (a secret) for the host, run on a terminal to be asked, or allow NOPASSWD in sudoers.',
    )
  if (/must have a tty|requiretty|terminal is required/i.test(said))
    return error(
      `sudo on ${become.host} insists on a terminal (requiretty)`,
      `Add \`Defaults:${become.user} !requiretty\` to sudoers (visudo -f /etc/sudoers.d/bringup), or log in as root.`,
    )
  if (/not in the sudoers|not allowed|may not run/i.test(said))
    return error(
      `${who} may not use sudo`,
      'Give the user sudo rights (visudo), or set another `user` for the host.',
    )
  if (/sudo.*not found|not found.*sudo/i.test(said))
    return error(`there is no sudo on ${become.host}`, 'Install sudo there, or set the user to root.')
  if (!ended || /incorrect password|try again/i.test(said))
    return error(
      `sudo on ${become.host} did not accept the password of ${become.user}`,
      'Correct `become_password`.',
    )
  return error(`sudo on ${become.host} did not give a root shell to ${become.user}`, 'See what sudo said.')
}
