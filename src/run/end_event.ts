import type { BringupError } from '../errors.ts'
import { reportError } from './error_report.ts'
import type { DueHandler, RunEvent, RunOutcome } from './events.ts'
import type { Progress } from './progress.ts'

/** Pure: how the run ended, from what happened in it. */
export function endEvent(
  progress: Progress,
  error: BringupError | undefined,
  due: readonly DueHandler[],
  milliseconds: number,
): Extract<RunEvent, { type: 'run_end' }> {
  const outcome = outcomeOf(progress, error)
  return {
    type: 'run_end',
    outcome,
    exitCode: exitCodeOf(outcome, error),
    milliseconds,
    recap: progress.recap,
    ...(outcome === 'done' || progress.role === null
      ? {}
      : { stoppedAt: { role: progress.role, running: [...progress.running.values()] } }),
    ...(due.length === 0 ? {} : { due: [...due] }),
    ...(error === undefined ? {} : { error: reportError(error) }),
  }
}

function outcomeOf(progress: Progress, error: BringupError | undefined): RunOutcome {
  const hosts = Object.values(progress.recap)
  if (error?.code === 'INTERRUPTED') return 'interrupted'
  if (error?.code === 'LOCKED' && progress.role === null) return 'locked'
  if (error?.exitCode === 4) return 'unreachable'
  if (error !== undefined || hosts.some((host) => host.failed > 0 && !host.unreachable)) return 'failed'
  return hosts.some((host) => host.unreachable) ? 'unreachable' : 'done'
}

/** Not the error's own: a role that turns out to be wrong when it runs is not one that was found before connecting. */
function exitCodeOf(outcome: RunOutcome, error: BringupError | undefined): number {
  if (error?.exitCode === 1) return 1
  return { done: 0, failed: 2, unreachable: 4, locked: 6, interrupted: 130 }[outcome]
}
