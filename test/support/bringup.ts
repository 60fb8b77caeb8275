import { $ } from 'zx/core'
import type { TimedEvent } from '../../src/run/events.ts'

export interface RunResult {
  readonly exitCode: number
  readonly events: TimedEvent[]
  /** Standard output and error as they were, for the message of a failed assertion. */
  readonly output: string
  /** Tasks that changed something (or would, in check mode): `server1 file /etc/motd`. */
  readonly changed: string[]
}

const root = new URL('../..', import.meta.url).pathname

/** Runs `bringup run … --output json` as its users do, as a process of its own, and reads its events. */
export async function bringupRun(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string } = {},
): Promise<RunResult> {
  const { exitCode, stdout, stderr } = await $({
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.env },
    quiet: true,
    nothrow: true,
  })`node ${root}bin/bringup.js run ${args} --output json`
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as TimedEvent)
  const changed = events.flatMap((event) =>
    event.type === 'task_end' && event.status === 'changed' ? [`${event.host} ${event.task}`] : [],
  )
  const failures = events.filter((event) => event.type === 'task_end' && event.error !== undefined)
  return {
    exitCode: exitCode ?? 1,
    events,
    changed,
    output: `${JSON.stringify(failures, null, 2)}\n${stderr}`,
  }
}
