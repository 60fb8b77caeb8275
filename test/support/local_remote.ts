import { spawn } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import type { CommandOptions, CommandResult, Remote } from '../../src/connection/remote.ts'
import { Secret } from '../../src/secret.ts'

export interface LocalRemoteOptions {
  /** The shell with its arguments: `['dash']`, `['busybox', 'sh']`. */
  shell: readonly string[]
  /** Directories of the commands that it finds. */
  path?: string
}

/** A remote that is this machine: scripts run in a real shell, as a host's would, without a connection. */
export function localRemote({ shell, path }: LocalRemoteOptions): Remote {
  const [command = 'sh', ...args] = shell
  return {
    host: 'local',
    run: (script, options = {}) => run(command, [...args, '-c', script], options, path),
    async upload(content: Buffer | Readable, target: string) {
      const file = await open(target, 'wx', 0o600)
      await writeFile(file, content)
      await file.close()
    },
    download: async (source) => createReadStream(source),
    forwardIn: () => Promise.reject(new Error('not in tests')),
    reconnect: () => Promise.reject(new Error('not in tests')),
    close: async () => {},
  }
}

function run(
  command: string,
  args: string[],
  options: CommandOptions,
  path: string | undefined,
): Promise<CommandResult> {
  const env = { ...process.env, ...(path === undefined ? {} : { PATH: path }), ...options.env }
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd: options.cwd ?? '/', stdio: ['pipe', 'pipe', 'pipe'] })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A script that fails early leaves its input unread.
    child.stdin.on('error', () => {})
    const { stdin = '' } = options
    child.stdin.end(stdin instanceof Secret ? stdin.revealBytes() : stdin)
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), code: code ?? 128 }),
    )
  })
}
