import { isOfTheWay } from '../errors.ts'
import type { HostRecap, RunEvent } from './events.ts'

export interface RunningTask {
  readonly host: string
  readonly task: string
}

/** Where a run is: a fold over its events. */
export interface Progress {
  readonly recap: Record<string, HostRecap>
  role: string | null
  readonly running: Map<string, RunningTask>
}

/** @param before what was counted in the runs that this one resumes */
export const startOfRun = (
  hosts: readonly string[],
  before: Readonly<Record<string, HostRecap>> = {},
): Progress => ({
  recap: Object.fromEntries(
    hosts.map((host) => [
      host,
      { ok: 0, changed: 0, failed: 0, skipped: 0, unreachable: false, ...before[host] },
    ]),
  ),
  role: null,
  running: new Map(),
})

/** Takes one more event into account. */
export function advance(progress: Progress, event: RunEvent): void {
  switch (event.type) {
    case 'role_start':
      progress.role = event.role
      break
    case 'task_start':
      progress.running.set(`${event.host}\0${event.task}`, { host: event.host, task: event.task })
      break
    case 'task_end': {
      // It is where the run stopped.
      if (event.status === 'interrupted') break
      progress.running.delete(`${event.host}\0${event.task}`)
      const host = progress.recap[event.host]
      if (host === undefined) break
      host[event.status] += 1
      if (event.error !== undefined && isOfTheWay(event.error.code)) host.unreachable = true
      break
    }
    case 'unreachable': {
      const host = progress.recap[event.host]
      if (host !== undefined) host.unreachable = true
      break
    }
  }
}
