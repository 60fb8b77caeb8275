import { BringupError } from '../errors.ts'
import type { HostRecap, PlayOutline, Resumption, RunEvent } from './events.ts'
import { advance, startOfRun } from './progress.ts'
import { otherSelection } from './other_selection.ts'
import { stepsOf } from './steps.ts'
import type { Step } from './steps.ts'

/**
 * Pure: where a run of this plan goes on that an earlier one has begun: at the first step that did not end well there
 * on all its hosts, or at an earlier one whose vars or files are not the same any more.
 * @param events of the earlier run
 * @throws BringupError USAGE where the plan is not that of the earlier run, or all of it is done
 */
export function whereToResume(events: readonly RunEvent[], plays: readonly PlayOutline[]): Resumption {
  const start = events.find((event) => event.type === 'run_start')
  if (start === undefined) throw new BringupError('USAGE', 'the journal of the earlier run has no beginning')
  const other = otherSelection(start.plays, plays)
  if (other !== null)
    throw new BringupError('USAGE', `this is not what the run ${start.run} was to do: ${other.what}`, {
      expected: other.expected,
      seen: other.seen,
      remedy: 'Run it without --resume, or with the files, --limit and --tags of that run.',
    })
  const [then, now] = [stepsOf(start.plays), stepsOf(plays)]
  const done = doneSteps(events, then)
  const changed = now.findIndex((step, index) => changeOf(then[index], step) !== null)
  const at = changed >= 0 && changed < done ? changed : done
  const step = now[at]
  if (step === undefined)
    throw new BringupError('USAGE', `all roles of the run ${start.run} are done`, {
      remedy: 'Run it without --resume.',
    })
  const because = at < done ? changeOf(then[at], step) : null
  return {
    run: start.run,
    step: at,
    role: step.role,
    hosts: [...step.hosts],
    ...(because === null ? {} : { because }),
    recap: countedSoFar(events),
  }
}

/** How many steps from the first one on have been done on all their hosts, one after the other. */
export function doneSteps(events: readonly RunEvent[], steps: readonly Step[]): number {
  const done = new Set<number>()
  let first = 0
  let open: { step: number; hosts: readonly string[] } | null = null
  for (const event of events) {
    if (event.type === 'run_start') first = event.resumes?.step ?? 0
    if (event.type === 'role_start')
      open = event.step === undefined ? null : { step: event.step, hosts: event.hosts }
    if (event.type !== 'role_end') continue
    const on = open?.hosts ?? []
    const isWhole = open !== null && steps[open.step]?.hosts.every((host) => on.includes(host))
    if (open !== null && isWhole && event.outcome === 'done' && event.failed === undefined)
      done.add(open.step)
    open = null
  }
  let count = Math.min(first, steps.length)
  while (count < steps.length && done.has(count)) count += 1
  return count
}

function changeOf(then: Step | undefined, now: Step): string | null {
  if (then?.varsDigest !== now.varsDigest) return `the vars of ${now.role} have changed since`
  return then?.filesDigest === now.filesDigest ? null : `the files of ${now.role} have changed since`
}

/** A failed task is in a role that runs again; whether it is done then, that run counts. */
function countedSoFar(events: readonly RunEvent[]): Record<string, HostRecap> {
  const start = events.find((event) => event.type === 'run_start')
  const progress = startOfRun(start?.hosts ?? [], start?.resumes?.recap)
  for (const event of events) advance(progress, event)
  return Object.fromEntries(
    Object.entries(progress.recap).map(([host, counts]) => [
      host,
      { ...counts, failed: 0, unreachable: false },
    ]),
  )
}
