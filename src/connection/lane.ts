import { randomBytes } from 'node:crypto'
import { constants } from 'node:os'
import type { Channel, ChannelEnd } from './channel.ts'
import { createFramer } from './framer.ts'
import type { Framer } from './framer.ts'
import { openingText } from './lane_text.ts'
import { parseProcStat } from './process_id.ts'
import type { ProcessId } from './process_id.ts'

export type Stream = 'stdout' | 'stderr'

/** One command on its way through a shell. Exactly one of `end`, `lost` and `fail` is called, as the last. */
export interface Job {
  /** What is written to the shell, see `jobText`. */
  readonly text: string
  /** It runs now, as this process (null where the host does not tell, or it is the shell itself), under the lane of that process number. */
  start(process: ProcessId | null, lane: number): void
  output(stream: Stream, chunk: Buffer): void
  end(code: number): void
  /** The shell went away, because of `why`; `unstarted` is certain, and the job may be run again elsewhere. */
  lost(state: 'unstarted' | 'unknown', why?: Error): void
  /** No shell could be opened for it. */
  fail(error: unknown): void
}

/** A POSIX shell kept open on a host. It runs the jobs that it is given one after the other, without a pause between. */
export interface Lane {
  /** The shell's process number on the host. */
  readonly pid: number
  readonly channel: Channel
  /** False once it takes no more jobs. */
  readonly open: boolean
  /** The jobs that have not ended, oldest first. */
  readonly jobs: readonly Job[]
  /** The job that is known to run, its process, and since when (`performance.now()`). */
  readonly running: { readonly job: Job; readonly process: ProcessId | null; readonly since: number } | null
  /** Settles when the shell has ended and every job of it was told. */
  readonly closed: Promise<void>
  submit(job: Job): void
  /** Runs a last job, whose standard input is what is written to the channel after its start. Its end is the shell's. */
  submitLast(job: Job): void
  /** Takes no more jobs; the shell ends after those it has. */
  retire(): void
  /** Gives back the jobs that have not begun. Only for when it is certain that the shell will start none of them. */
  recall(): void
}

interface Entry {
  readonly job: Job
  started: { process: ProcessId | null; since: number } | null
  code: number | null
  readonly last: boolean
}

/**
 * Opens a lane on a channel that a bare `sh` reads from. What login files printed before it is skipped.
 * @param onProgress told after each job that started or ended
 * @param first what it runs first, sent along with its opening: no round trip of its own
 * @throws ShellEnded when the channel closed before the shell answered
 */
export async function openLane(
  channel: Channel,
  onProgress: () => void = () => {},
  first: readonly Job[] = [],
): Promise<Lane> {
  const nonce = randomBytes(16).toString('hex')
  // An entry waits in both queues, for its end on both streams.
  const queues: Record<Stream, Entry[]> = { stdout: [], stderr: [] }
  const inside: Record<Stream, boolean> = { stdout: false, stderr: false }
  const ready = Promise.withResolvers<void>()
  let open = true
  let pid = 0

  const finish = (entry: Entry): void => {
    if (entry.code === null || queues.stdout.includes(entry) || queues.stderr.includes(entry)) return
    entry.job.end(entry.code)
    onProgress()
  }

  const onMark = (stream: Stream, text: string): void => {
    const [word, ...rest] = text.split(' ')
    if (word === 'ready') {
      if (stream === 'stdout') pid = Number(rest[0])
      return ready.resolve()
    }
    const entry = queues[stream][0]
    if (entry === undefined) return
    inside[stream] = word === 'start'
    if (word === 'start' && stream === 'stdout') {
      const process = parseProcStat(rest.join(' '))
      entry.started = { process, since: performance.now() }
      entry.job.start(process, pid)
      onProgress()
    } else if (word === 'end') {
      queues[stream].shift()
      entry.code = Number(rest[0])
      finish(entry)
    }
  }

  const framer = (stream: Stream): Framer =>
    createFramer(nonce, {
      mark: (text) => onMark(stream, text),
      // Between jobs there is only what a process left in the background says; it belongs to nobody.
      bytes: (chunk) => inside[stream] && queues[stream][0]?.job.output(stream, chunk),
    })
  for (const stream of ['stdout', 'stderr'] as const) {
    const frames = framer(stream)
    channel[stream].on('data', frames.push).once('end', frames.end)
  }

  const closed = channel.closed.then((end) => {
    open = false
    const why = new ShellEnded(end)
    ready.reject(why)
    const left = [...new Set([...queues.stdout, ...queues.stderr])]
    queues.stdout = queues.stderr = []
    for (const entry of left) {
      if (entry.last && entry.started !== null) entry.code = statusOf(end)
      if (entry.code !== null) entry.job.end(entry.code)
      else if (entry.started === null && toldItsEnd(end)) entry.job.lost('unstarted', why)
      else entry.job.lost('unknown', toldItsEnd(end) ? why : (end.broken ?? undefined))
    }
  })

  const send = (job: Job, last: boolean): void => {
    const entry: Entry = { job, started: null, code: null, last }
    queues.stdout.push(entry)
    queues.stderr.push(entry)
    channel.stdin.write(job.text)
  }

  // A shell that is gone is told by the channel's end.
  channel.stdin.on('error', () => {})
  channel.stdin.write(openingText(nonce))
  for (const job of first) send(job, false)
  await ready.promise

  return {
    pid,
    channel,
    closed,
    get open() {
      return open
    },
    get jobs() {
      return queues.stdout.map((entry) => entry.job)
    },
    get running() {
      const entry = queues.stdout[0]
      return entry?.started ? { job: entry.job, ...entry.started } : null
    },
    submit: (job) => send(job, false),
    submitLast(job) {
      open = false
      send(job, true)
    },
    retire() {
      if (!open) return
      open = false
      channel.stdin.end()
    },
    recall() {
      open = false
      const unstarted = queues.stdout.filter((entry) => entry.started === null)
      for (const stream of ['stdout', 'stderr'] as const)
        queues[stream] = queues[stream].filter((entry) => !unstarted.includes(entry))
      for (const entry of unstarted) entry.job.lost('unstarted')
    },
  }
}

/** A shell that ended before it was ready. */
export class ShellEnded extends Error {
  readonly end: ChannelEnd

  constructor(end: ChannelEnd) {
    super(`the shell ended with ${end.signal ?? `status ${end.code}`}`)
    this.end = end
  }
}

/** As the shell would put it in `$?`; null when it was never told. */
function statusOf(end: ChannelEnd): number | null {
  if (end.signal === null) return end.code
  return 128 + (constants.signals[end.signal as NodeJS.Signals] ?? 0)
}

/** Only a shell whose end was reported is known to have printed all that it had to say. */
function toldItsEnd(end: ChannelEnd): boolean {
  return end.code !== null || end.signal !== null
}
