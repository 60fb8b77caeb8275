import { BringupError } from '../errors.ts'
import type { TimedEvent } from './events.ts'
import { latestRun } from './latest_run.ts'

/**
 * The run that `--resume` continues: the latest real one of this playbook on this inventory, which did not come to its
 * end: it failed, was interrupted, or died without a word.
 * @throws BringupError USAGE where there is none, or it is done
 */
export function runToResume(
  runsDirectory: string,
  { playbook, inventory }: { readonly playbook: string; readonly inventory: string },
): TimedEvent[] {
  const events = latestRun(
    runsDirectory,
    (start) => start.playbook === playbook && start.inventory === inventory,
  )
  const remedy = 'Run it without --resume.'
  if (events === null)
    throw new BringupError('USAGE', `there is no run of ${playbook} on ${inventory} to resume`, {
      remedy: `${remedy} Runs are kept in the folder that they are started in.`,
    })
  const end = events.findLast((event) => event.type === 'run_end')
  const start = events.find((event) => event.type === 'run_start')
  if (end?.outcome === 'done')
    throw new BringupError(
      'USAGE',
      `the last run of ${playbook} on ${inventory} is done: nothing to resume`,
      {
        seen: `${start?.run}: done`,
        remedy,
      },
    )
  return events
}
