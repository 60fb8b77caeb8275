import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readJournal } from '../../src/run/journal.ts'
import type { TimedEvent } from '../../src/run/events.ts'
import { timed } from './timed.ts'
import type { Milliseconds, Timed, TimedOptions } from './timed.ts'
import type { Access, Workplace } from './workplace.ts'

/** One run of one side. */
export interface SideRun extends Timed {
  /** Tasks that changed something, over all hosts. */
  readonly changed: number
}

export interface BringupRun extends SideRun {
  /** From the start of the process to the first task's. */
  readonly untilFirstTask: Milliseconds
  /** What the role took, its connections open. */
  readonly role: Milliseconds
}

/** Runs the role on all hosts of the inventory, as a user does. */
export async function runBringup(
  workplace: Workplace,
  access: Pick<Access, 'inventory'>,
  options: Omit<TimedOptions, 'cwd'> & { playbook?: string },
): Promise<BringupRun> {
  const { project, bringup, env } = workplace
  const { playbook = 'site.yml' } = options
  const command = [process.execPath, bringup, 'run', playbook, '-i', access.inventory, '--forks', '1000']
  const run = await timed(command, { ...options, cwd: project, env: { ...env, ...options.env } })
  const runs = join(project, '.bringup', 'runs')
  const last = (await readdir(runs)).toSorted().at(-1) ?? ''
  return { ...run, ...figures(readJournal(join(runs, last, 'journal.jsonl')), run.started) }
}

function figures(events: readonly TimedEvent[], started: number) {
  const first = events.find(({ type }) => type === 'task_start')
  const role = events.find((event) => event.type === 'role_end')
  const end = events.find((event) => event.type === 'run_end')
  return {
    untilFirstTask: first === undefined ? 0 : Date.parse(first.time) - started,
    role: role?.milliseconds ?? 0,
    changed: Object.values(end?.recap ?? {}).reduce((sum, { changed }) => sum + changed, 0),
  }
}
