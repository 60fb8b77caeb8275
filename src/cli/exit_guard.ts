import type { RunPlan } from '../playbook/playbook.ts'
import { BringupError } from '../errors.ts'
import { errorText } from '../report/error_text.ts'
import { painter } from '../report/style.ts'
import { reportError } from '../run/error_report.ts'
import { placeInRole } from '../run/role_place.ts'

/**
 * What a role ends with `process.exit()` has not gone well, whatever the role says.
 * @param exitCode of bringup in that case: 5 as long as nothing was connected, else 1
 * @returns what takes the guard away
 */
export function guardExit(cwd: string, exitCode: 1 | 5): () => void {
  const onExit = (code: number): void => {
    // The listener is called by the very call of `process.exit`.
    const at = placeInRole(new Error().stack, cwd)?.at
    if (code !== 0 && at === undefined) return
    process.exitCode = exitCode
    const where = exitCode === 5 ? 'before anything was connected' : 'in the middle of the run'
    const error = new BringupError(
      'ROLE_INVALID',
      `bringup was ended ${where}, by a role or a package of one`,
      {
        ...(at === undefined ? {} : { at }),
        remedy: 'Take out process.exit(): a role that can not go on throws an error.',
      },
    )
    process.stderr.write(`${errorText(reportError(error), painter(false))}\n`)
  }
  process.once('exit', onExit)
  return () => void process.off('exit', onExit)
}

/** Plans, which imports roles, under the guard. */
export async function guardedPlan(cwd: string, plan: () => Promise<RunPlan>): Promise<RunPlan> {
  const over = guardExit(cwd, 5)
  try {
    return await plan()
  } finally {
    over()
  }
}
