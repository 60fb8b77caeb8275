import { spawn } from 'node:child_process'
import { buffer } from 'node:stream/consumers'

export interface ExecResult {
  stdout: string
  stderr: string
  /** 128 + the signal's number for a command that a signal ended, as a shell has it. */
  exitCode: number
}

export interface ExecOptions {
  input?: string | Buffer
  signal?: AbortSignal
}

/**
 * Runs a command inside a node by entering its namespaces: no SSH, so it works with sshd stopped and leaves nothing
 * in the node's logs. A string is a script for sh; a list is run as it is.
 */
export async function execIn(
  leader: number,
  command: string | readonly string[],
  options: ExecOptions = {},
): Promise<ExecResult> {
  const argv = typeof command === 'string' ? ['sh', '-c', command] : command
  const enter = ['--target', String(leader), '--all', '--root', '--wd']
  const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  const env = ['env', '-i', path, 'HOME=/root', 'LANG=C.UTF-8', 'USER=root', 'LOGNAME=root']
  return collect('nsenter', [...enter, ...env, ...argv], options)
}

/** Milliseconds between two calls to go on. */
const RESUME_EVERY = 1000

/**
 * Runs a program of this machine to its end. A node that goes down stops all its processes and kills them then; nsenter stops
 * with the one that it waits for, and nothing would ever wake it.
 */
export async function collect(
  program: string,
  args: readonly string[],
  { input, signal }: ExecOptions,
): Promise<ExecResult> {
  const child = spawn(program, args, { stdio: 'pipe', signal, killSignal: 'SIGKILL' })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, killedBy) => resolve(code ?? 128 + (killedBy === 'SIGKILL' ? 9 : 15)))
  })
  const resume = setInterval(() => child.kill('SIGCONT'), RESUME_EVERY)
  try {
    const [stdout, stderr, exitCode] = await Promise.all([buffer(child.stdout), buffer(child.stderr), exit])
    return { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8'), exitCode }
  } finally {
    clearInterval(resume)
  }
}
