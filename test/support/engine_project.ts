import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from '../../scripts/lab/raise.ts'
import type { ErrorReport, RunEvent, TimedEvent } from '../../src/run/events.ts'
import { bringupRun, startBringup } from './bringup.ts'
import type { RunResult, RunSettings, StartedRun } from './bringup.ts'
import { addFiles, project } from './project.ts'

/** A user's folder with roles and a playbook, to be run against a lab. */
export interface EngineProject {
  readonly directory: string
  write(files: Readonly<Record<string, string>>): void
  run(...args: readonly string[]): Promise<RunResult>
  /** With the report for people, on standard output. */
  runText(...args: readonly string[]): Promise<RunResult>
  start(args?: readonly string[], settings?: RunSettings): StartedRun
  /** Paths of the journals, oldest first. */
  journals(): string[]
  /** Events of the latest journal. */
  journal(): TimedEvent[]
}

/**
 * A project whose playbook has all of these roles, in order.
 * @param roles the members of `defineRole({ … })` besides its summary, by role name; `vars` is empty where it is left out
 * @param play more lines of the play: `serial: 1`
 */
export function engineProject(
  lab: Lab,
  roles: Readonly<Record<string, string>>,
  play: readonly string[] = [],
): EngineProject {
  const sources = Object.entries(roles).map(([name, members]) => [
    `roles/${name}/role.ts`,
    roleSource(name, members),
  ])
  const directory = project({
    ...(Object.fromEntries(sources) as Record<string, string>),
    'site.yml': playbook({ roles: Object.keys(roles), lines: play }),
  })
  const line = (args: readonly string[]): string[] => ['site.yml', '-i', lab.inventory, ...args]
  const journals = (): string[] => {
    const runs = join(directory, '.bringup', 'runs')
    return readdirSync(runs)
      .toSorted()
      .map((run) => join(runs, run, 'journal.jsonl'))
  }
  return {
    directory,
    write: (files) => addFiles(directory, files),
    run: (...args) => bringupRun(line(args), { cwd: directory }),
    runText: (...args) => bringupRun(line(args), { cwd: directory, output: 'text' }),
    start: (args = [], settings = {}) => startBringup(line(args), { cwd: directory, ...settings }),
    journals,
    journal: () =>
      readFileSync(journals().at(-1) ?? '', 'utf8')
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text) as TimedEvent),
  }
}

export function roleSource(name: string, members: string): string {
  const vars = /^\s*vars:/m.test(members) ? '' : '  vars: z.strictObject({}),\n'
  return `import { defineRole, Secret, secret, z } from 'bringup'

export default defineRole({
  summary: 'The role ${name}',
${vars}${members}
})
`
}

export function playbook(play: {
  name?: string
  hosts?: string
  roles: readonly string[]
  lines?: readonly string[]
}): string {
  const { name = 'The play', hosts = 'cluster', roles, lines = [] } = play
  return [
    `- name: ${name}`,
    `  hosts: ${hosts}`,
    ...lines.map((line) => `  ${line}`),
    `  roles: [${roles.join(', ')}]`,
    '',
  ].join('\n')
}

/** Where `marker` stands in a file, as errors tell it. */
export function placeOf(directory: string, file: string, marker: string): { file: string; line: number } {
  const line = readFileSync(join(directory, file), 'utf8')
    .split('\n')
    .findIndex((text) => text.includes(marker))
  if (line < 0) throw new Error(`${file} has no ${marker}`)
  return { file, line: line + 1 }
}

type TaskEnd = Extract<RunEvent, { type: 'task_end' }>

/** The ends of tasks: `server1 file /etc/motd changed`, in order. */
export const taskEnds = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'task_end' ? [`${event.host} ${event.task} ${event.status}`] : [],
  )

/** The one end of a task. @throws where there is none, or more than one */
export function endOf(events: readonly RunEvent[], host: string, task: string): TaskEnd {
  const ends = events.filter(
    (event): event is TaskEnd => event.type === 'task_end' && event.host === host && event.task === task,
  )
  if (ends.length !== 1)
    throw new Error(`${ends.length} ends of "${task}" on ${host}: ${taskEnds(events).join('; ')}`)
  return ends[0] as TaskEnd
}

/** The errors of failed tasks, in order. */
export const errorsIn = (events: readonly RunEvent[]): ErrorReport[] =>
  events.flatMap((event) => (event.type === 'task_end' && event.error !== undefined ? [event.error] : []))

export function runEnd(events: readonly RunEvent[]): Extract<RunEvent, { type: 'run_end' }> {
  const last = events.at(-1)
  if (last?.type !== 'run_end') throw new Error(`the last event is ${last?.type}`)
  return last
}
