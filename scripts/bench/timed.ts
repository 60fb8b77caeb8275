import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { BringupError } from '../../src/errors.ts'

/** Milliseconds. */
export type Milliseconds = number

/** A command that has ended, and what it took; with all processes that it waited for. */
export interface Timed {
  /** When it was started, as `Date.now()`. */
  readonly started: number
  readonly wall: Milliseconds
  /** The largest process of it at its largest, in KiB (getrusage(2), ru_maxrss). */
  readonly maxRss: number
  readonly cpu: Milliseconds
  readonly stdout: string
}

export interface TimedOptions {
  /** Path of the network namespace to run in; this process's own when left out. */
  readonly netns?: string
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a command to its end. @throws BringupError COMMAND_FAILED when it does not end well */
export async function timed(command: readonly string[], options: TimedOptions): Promise<Timed> {
  const folder = await mkdtemp(join(tmpdir(), 'bringup-bench-'))
  try {
    const usage = join(folder, 'usage')
    const measured = ['time', '--output', usage, '--format', '%M %U %S', ...command]
    const [program = '', ...args] =
      options.netns === undefined ? measured : ['nsenter', `--net=${options.netns}`, ...measured]
    const started = Date.now()
    const begin = performance.now()
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exit = new Promise<{ code: number | null; at: number }>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code) => resolve({ code, at: performance.now() }))
    })
    const [{ code, at }, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
    if (code !== 0)
      throw new BringupError('COMMAND_FAILED', `${command.slice(0, 3).join(' ')} ended with ${code}`, {
        seen: `${stdout.slice(-2000)}\n${stderr.slice(-2000)}`.trim(),
      })
    const [maxRss = 0, user = 0, system = 0] = (await readFile(usage, 'utf8')).trim().split(' ').map(Number)
    return { started, wall: at - begin, maxRss, cpu: (user + system) * 1000, stdout }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
