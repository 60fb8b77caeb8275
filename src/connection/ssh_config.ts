import { spawn } from 'node:child_process'
import { BringupError } from '../errors.ts'

/** What OpenSSH would do for a host: option names in lower case, each with its lines in order. */
export type SshConfig = ReadonlyMap<string, readonly string[]>

/** Parses what `ssh -G` prints: one option a line, those with several values on several lines. */
export function parseSshConfig(text: string): SshConfig {
  const options = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? []
    if (name === undefined || value === undefined) continue
    const values = options.get(name.toLowerCase())
    if (values === undefined) options.set(name.toLowerCase(), [value])
    else values.push(value)
  }
  return options
}

/**
 * Asks OpenSSH itself what ~/.ssh/config and /etc/ssh/ssh_config say about a host, so that Include, Match, patterns and
 * tokens mean exactly what they mean there (ssh(1), -G).
 * @returns an empty map where there is no `ssh` program
 * @throws BringupError UNREACHABLE when ssh finds its configuration wrong
 */
export async function readSshConfig(
  host: string,
  given: { user: string | null; port: number | null },
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SshConfig> {
  const user = given.user === null ? [] : ['-l', given.user]
  const port = given.port === null ? [] : ['-p', String(given.port)]
  const asked = await output('ssh', ['-G', ...user, ...port, '--', host], environment)
  if (asked === null) return new Map()
  if (asked.code === 0) return parseSshConfig(asked.stdout)
  throw new BringupError('UNREACHABLE', `the SSH configuration for ${host} is wrong`, {
    seen: asked.stderr.trim() || `ssh ended with status ${asked.code}`,
    remedy: `Correct ~/.ssh/config until \`ssh -G ${host}\` works.`,
  })
}

interface Output {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a program of this machine prints; null where it can't be started. */
function output(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Output | null> {
  return new Promise<Output>((resolve, reject) => {
    const child = spawn(program, args, { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, ...said }))
  }).catch(() => null)
}
