import type { TimedEvent } from '../../../src/run/events.ts'
import type { Milliseconds } from '../timed.ts'

/** A task by its name, on all hosts that it ran on. */
export interface PhaseTask {
  readonly task: string
  readonly hosts: readonly string[]
  /** Of the host that it took longest on. */
  readonly milliseconds: Milliseconds
}

/** A role of a run. */
export interface Phase {
  readonly role: string
  readonly milliseconds: Milliseconds
  /** What changed something, the longest first. */
  readonly tasks: readonly PhaseTask[]
}

/** A run, and its roles in order. */
export interface Install {
  readonly phases: readonly Phase[]
  /** All of it: also connecting, and looking at disks before a play. */
  readonly milliseconds: Milliseconds
}

/** What the events of a run tell. */
export function installOf(events: readonly TimedEvent[]): Install {
  const phases: Phase[] = []
  let tasks: PhaseTask[] = []
  let milliseconds = 0
  for (const event of events) {
    if (event.type === 'role_start') tasks = []
    if (event.type === 'task_end' && event.status === 'changed') tasks.push({ ...event, hosts: [event.host] })
    if (event.type === 'role_end')
      phases.push({ role: event.role, milliseconds: event.milliseconds, tasks: byName(tasks) })
    if (event.type === 'run_end') milliseconds = event.milliseconds
  }
  return { phases, milliseconds }
}

function byName(tasks: readonly PhaseTask[]): PhaseTask[] {
  const together = [...Map.groupBy(tasks, ({ task }) => task)].map(([task, same]) => ({
    task,
    hosts: same.flatMap(({ hosts }) => hosts),
    milliseconds: Math.max(...same.map(({ milliseconds }) => milliseconds)),
  }))
  return together.toSorted((a, b) => b.milliseconds - a.milliseconds)
}

/** Compilations of the module: how many, and what they took in all. */
export function buildsOf({ phases }: Install): { count: number; milliseconds: Milliseconds } {
  const builds = phases.flatMap(({ tasks }) => tasks).filter(({ task }) => task.startsWith('build DRBD '))
  return {
    count: builds.reduce((sum, { hosts }) => sum + hosts.length, 0),
    milliseconds: builds.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  }
}
