import { BringupError } from '../errors.ts'
import { killText } from './kill_text.ts'
import type { Job, Stream } from './lane.ts'
import { bytesOf, jobText, lastJobText, SMALL_INPUT } from './lane_text.ts'
import { lost } from './open_shell.ts'
import type { Pool } from './pool.ts'
import type { ProcessId } from './process_id.ts'
import type { Bytes, CommandOptions, CommandResult } from './remote.ts'

/** More output than this is a mistake, as a device read by accident, and would fill the controller's memory. */
export const OUTPUT_LIMIT: Bytes = 64 * 1024 * 1024

/** How long (ms) to wait until a command is seen to be ended on the host; killing itself gives up after 5 s. */
const KILL_PATIENCE = 15_000

/** Runs one command on a host's shells; see {@link Remote.run}. The time limit counts from when it begins there. */
export function runCommand(
  on: { pool: Pool; host: string },
  script: string,
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { pool, host } = on
  const { signal, timeout } = options
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>()
  const output: Record<Stream, Buffer[]> = { stdout: [], stderr: [] }
  let size = 0
  let running: { process: ProcessId | null; lane: number } | null = null
  let stopping: BringupError | null = null
  let timer: NodeJS.Timeout | undefined

  const stop = (reason: BringupError): void => {
    if (stopping !== null) return
    stopping = reason
    if (running !== null) return void kill(pool, running).then((left) => reject(withLeft(reason, left)))
    void pool.withdraw(job).then((withdrawn) => withdrawn && reject(reason))
  }
  const onAbort = (): void => stop(interrupted(host, signal?.reason))
  const stdin = options.stdin === undefined ? undefined : bytesOf(options.stdin)
  const large = stdin !== undefined && stdin.length > SMALL_INPUT

  const job: Job = {
    text: large ? lastJobText(script, options) : jobText(script, options, stdin),
    start(process, lane) {
      running = { process, lane }
      if (stopping !== null) void kill(pool, running).then((left) => reject(withLeft(stopping!, left)))
      else if (timeout !== undefined) timer = setTimeout(() => stop(timedOut(host, timeout)), timeout * 1000)
    },
    output(stream, chunk) {
      size += chunk.length
      if (size > OUTPUT_LIMIT) stop(tooMuch(host))
      else output[stream].push(chunk)
    },
    end(code) {
      // When it is being stopped, that is told as soon as nothing of it is left.
      if (stopping === null)
        resolve({ stdout: Buffer.concat(output.stdout), stderr: Buffer.concat(output.stderr), code })
    },
    lost(state, why) {
      if (stopping !== null) reject(stopping)
      else if (state === 'unstarted' && !large) pool.submit(job)
      else reject(lost(host, why, state !== 'unstarted'))
    },
    fail: reject,
  }

  if (signal?.aborted) reject(interrupted(host, signal.reason))
  else if (large) void onTransfer(pool, job, stdin)
  else pool.submit(job)
  signal?.addEventListener('abort', onAbort, { once: true })
  return promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  })
}

async function onTransfer(pool: Pool, job: Job, stdin: Buffer): Promise<void> {
  try {
    const lane = await pool.openTransfer()
    lane.submitLast({
      ...job,
      start(process, pid) {
        job.start(process, pid)
        lane.channel.stdin.end(stdin)
      },
    })
  } catch (error) {
    job.fail(error)
  }
}

/** @returns processes that could not be ended, or null when that could not even be asked */
async function kill(
  pool: Pool,
  running: { process: ProcessId | null; lane: number },
): Promise<string | null> {
  if (running.process === null) return null
  try {
    await pool.unload(running.lane)
    const asked = pool.control(killText(running.process, running.lane))
    const timeout = new Promise<null>((resolve) => setTimeout(resolve, KILL_PATIENCE, null).unref())
    const reply = await Promise.race([asked, timeout])
    return reply === null ? null : (/^left (.*)/.exec(reply)?.[1] ?? '')
  } catch {
    return null
  }
}

function withLeft(reason: BringupError, left: string | null): BringupError {
  if (left === '') return reason
  const seen =
    left === null ? 'it may still be running there' : `still there after SIGKILL: processes ${left}`
  return new BringupError(reason.code, reason.message, { ...reason.details, seen })
}

function interrupted(host: string, cause: unknown): BringupError {
  return new BringupError('INTERRUPTED', `a command on ${host} was interrupted`, { host, cause })
}

function timedOut(host: string, timeout: number): BringupError {
  return new BringupError('TIMEOUT', `a command on ${host} took longer than ${timeout} s, and was ended`, {
    host,
  })
}

function tooMuch(host: string): BringupError {
  return new BringupError(
    'OUTPUT_TOO_LARGE',
    `a command on ${host} printed more than ${OUTPUT_LIMIT} bytes, and was ended`,
    { host, remedy: 'Let it write to a file there, or fetch the data with `download`.' },
  )
}
