import { execFile } from 'node:child_process'
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
  const asked = await new Promise<{ error: Error | null; stdout: string; stderr: string }>((resolve) =>
    execFile(
      'ssh',
      ['-G', ...user, ...port, '--', host],
      { env: { ...environment } },
      (error, stdout, stderr) => resolve({ error, stdout, stderr }),
    ),
  )
  if (asked.error === null) return parseSshConfig(asked.stdout)
  if ('code' in asked.error && asked.error.code === 'ENOENT') return new Map()
  throw new BringupError('UNREACHABLE', `the SSH configuration for ${host} is wrong`, {
    cause: asked.error,
    seen: asked.stderr.trim(),
    remedy: `Correct ~/.ssh/config until \`ssh -G ${host}\` works.`,
  })
}
