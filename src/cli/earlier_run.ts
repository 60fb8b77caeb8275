import { BringupError } from '../errors.ts'
import { inventoryName } from '../inventory/load.ts'
import { resolveFrom, shownPath } from '../path.ts'
import type { TimedEvent } from '../run/events.ts'
import { runToResume } from '../run/run_to_resume.ts'
import type { RunArguments } from './run.ts'

/**
 * The journal that `--resume` continues. Looked for before anything is planned: where there is nothing to resume, nobody
 * is asked for a secret.
 * @throws BringupError USAGE
 */
export function earlierRun(
  playbook: string,
  { inventory, startAt }: RunArguments,
  { cwd, runs }: { cwd: string; runs: string },
): TimedEvent[] {
  if (startAt !== undefined)
    throw new BringupError('USAGE', '--resume and --start-at both say where to begin', {
      remedy: 'Give one of them.',
    })
  const files = {
    playbook: shownPath(cwd, resolveFrom(cwd, playbook)),
    inventory: inventoryName(inventory, cwd),
  }
  return runToResume(runs, files)
}
