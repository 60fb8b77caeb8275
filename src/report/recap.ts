import type { DueHandler, RunEvent, RunOutcome } from '../run/events.ts'
import { errorText } from './error_text.ts'
import { duration } from './style.ts'
import type { Paint } from './style.ts'

const COLUMNS = ['ok', 'changed', 'failed', 'skipped'] as const

/** The last words of a run: a row for each host, how it ended, and where it was if it did not get to its end. */
export function recapText(
  end: Extract<RunEvent, { type: 'run_end' }>,
  { paint, journal, check, goOn }: { paint: Paint; journal: string; check: boolean; goOn: string },
): string {
  const names = Object.keys(end.recap)
  const width = Math.max(4, ...names.map((name) => name.length))
  const rows = names.map((name) => {
    const host = end.recap[name]
    if (host === undefined) return name
    const cells = COLUMNS.map((column) => cell(paint, column, host[column]))
    return `${name.padEnd(width)}  ${cells.join('  ')}${host.unreachable ? paint('red', '  unreachable') : ''}`
  })
  const stopped = end.stoppedAt
  const at = stopped === undefined ? [] : [`stopped in ${stopped.role}${runningText(stopped.running)}`]
  // An error of a role or a task has been told where it happened.
  const ofRole = end.error?.role !== undefined || end.error?.task !== undefined
  const untold = ofRole || end.outcome === 'interrupted' ? undefined : end.error
  // One that ended before it began has nothing that could be gone on with.
  const hasBegun = end.outcome !== 'locked' && (end.outcome !== 'interrupted' || stopped !== undefined)
  const canGoOn = end.outcome !== 'done' && hasBegun && !check
  return [
    '',
    ...rows,
    ...at,
    ...(untold === undefined ? [] : [errorText(untold, paint)]),
    ...dueLines(end.due ?? [], names),
    `${outcomeText(end, check, paint)} in ${duration(end.milliseconds)}  ${paint('dim', journal)}`,
    ...(canGoOn ? [goOnText(end.outcome), `  ${paint('bold', goOn)}`] : []),
  ].join('\n')
}

const goOnText = (outcome: RunOutcome): string =>
  `${outcome === 'interrupted' ? 'to' : 'when it is mended,'} go on from there:`

function cell(paint: Paint, column: (typeof COLUMNS)[number], count: number): string {
  const text = `${String(count).padStart(3)} ${column}`
  if (count === 0) return paint('dim', text)
  return column === 'failed'
    ? paint('red', text)
    : column === 'changed'
      ? paint('yellow', text)
      : paint('green', text)
}

function runningText(running: readonly { host: string; task: string }[]): string {
  return running.length === 0 ? '' : `, in ${running.map(({ host, task }) => `${host}: ${task}`).join('; ')}`
}

function dueLines(due: readonly DueHandler[], hosts: readonly string[]): string[] {
  const inOrder = due.toSorted((a, b) => hosts.indexOf(a.host) - hosts.indexOf(b.host))
  const byHandler = Map.groupBy(inOrder, ({ role, handler }) => `${role}: ${handler}`)
  return [...byHandler].map(
    ([handler, on]) =>
      `still due, and left to the next run: ${handler} on ${on.map(({ host }) => host).join(' ')}`,
  )
}

function outcomeText(end: Extract<RunEvent, { type: 'run_end' }>, check: boolean, paint: Paint): string {
  if (end.outcome === 'done') return paint('green', check ? 'checked, nothing was changed' : 'done')
  return paint('red', end.outcome)
}
