import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { TimedEvent } from '../../src/run/events.ts'

export interface RunResult {
  readonly exitCode: number
  readonly events: TimedEvent[]
  /** Failed tasks and standard error, for the message of a failed assertion. */
  readonly output: string
  readonly stdout: string
  readonly stderr: string
  /** Tasks that changed something (or would, in check mode): `server1 file /etc/motd`. */
  readonly changed: string[]
}

/** A run that is going on. */
export interface StartedRun {
  readonly pid: number
  /** Resolves with the first event, of those that were and those to come, for which `test` holds. */
  seen(test: (event: TimedEvent) => boolean): Promise<TimedEvent>
  /** Resolves once standard error holds this text. */
  said(text: string): Promise<void>
  readonly ended: Promise<RunResult>
}

export interface RunSettings {
  readonly env?: Record<string, string>
  readonly cwd?: string
  /** What the report is; events are read from `json` only. */
  readonly output?: 'json' | 'text'
  /** A process group of its own, which can be sent a signal as a terminal does. */
  readonly ownGroup?: boolean
  /** A command that runs the one behind it, as in another network. */
  readonly within?: readonly string[]
  /** Which Node starts it; the one of the tests when left out. */
  readonly node?: string
}

const root = new URL('../..', import.meta.url).pathname

/** Runs `bringup run …` as its users do, as a process of its own, and reads its events. */
export function bringupRun(args: readonly string[], settings: RunSettings = {}): Promise<RunResult> {
  return startBringup(args, settings).ended
}

/** The same, to be looked at and disturbed while it runs. */
export function startBringup(args: readonly string[], settings: RunSettings = {}): StartedRun {
  const {
    cwd = root,
    env,
    output = 'json',
    ownGroup = false,
    within = [],
    node = process.execPath,
  } = settings
  const run = [node, `${root}bin/bringup.js`, 'run', ...args]
  const [command = '', ...rest] = [...within, ...run, ...(output === 'json' ? ['--output', 'json'] : [])]
  const child = spawn(command, rest, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
  })
  const events: TimedEvent[] = []
  const waiting = new Set<() => void>()
  const tell = (): void => waiting.forEach((look) => look())
  let stderr = ''
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
    tell()
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) events.push(JSON.parse(line) as TimedEvent)
    tell()
  })
  const stdout = text(child.stdout)
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)))
  })
  const ended = Promise.all([exit, stdout]).then(([exitCode, out]) => resultOf(exitCode, events, out, stderr))

  /** Resolves with what `look` finds; fails when the run ends without it. */
  const found = <T>(look: () => T | undefined, what: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const again = (): void => {
        const value = look()
        if (value === undefined) return
        waiting.delete(again)
        resolve(value)
      }
      waiting.add(again)
      again()
      void ended.then(({ output: all }) => reject(new Error(`the run ended without ${what}: ${all}`)), reject)
    })

  return {
    pid: child.pid ?? 0,
    seen: (test) => found(() => events.find(test), 'the event'),
    said: async (wanted) => void (await found(() => stderr.includes(wanted) || undefined, wanted)),
    ended,
  }
}

function resultOf(exitCode: number, events: TimedEvent[], stdout: string, stderr: string): RunResult {
  const changed = events.flatMap((event) =>
    event.type === 'task_end' && event.status === 'changed' ? [`${event.host} ${event.task}`] : [],
  )
  const failures = events.filter((event) => event.type === 'task_end' && event.error !== undefined)
  return {
    exitCode,
    events,
    changed,
    stdout,
    stderr,
    output: `${JSON.stringify(failures, null, 2)}\n${stderr}`,
  }
}
