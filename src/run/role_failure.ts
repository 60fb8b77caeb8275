import type { BringupError } from '../errors.ts'
import type { PlannedRole } from '../playbook/playbook.ts'
import { reportError } from './error_report.ts'
import { asFailure } from './failure.ts'
import type { Run } from './run.ts'

/** The error itself is reported as any other; this is why the role did not get to hear of it. */
export function tellStray(run: Run, role: string, thrown: unknown): void {
  const { task, host } = asFailure(thrown, { cwd: run.cwd }).details
  const what = task === undefined ? '' : ` (${host}: ${task})`
  run.emit({
    type: 'warning',
    role,
    message: `nobody waits for an error of this role${what}: await the promise that it comes from`,
  })
}

/** A failure that no task has counted (an error in the role itself) is counted as one. */
export function reportFailure(run: Run, role: PlannedRole, host: string | null, thrown: unknown): void {
  if (run.signal.aborted) return
  const where = host === null ? {} : { host }
  const error: BringupError = asFailure(thrown, { where: { role: role.name, ...where }, cwd: run.cwd })
  if (error.details.task !== undefined) return
  run.emit({
    type: 'task_end',
    role: role.name,
    host: error.details.host ?? 'all hosts',
    task: 'role',
    status: 'failed',
    changes: [],
    milliseconds: 0,
    commands: [],
    error: reportError(error),
  })
}
