import type { RunRecord, TaskRecord } from '../run_record.ts'

export type Status = TaskRecord['status']

/** From the gravest: a task on several hosts is marked with the first of these that one of them has. */
export const STATUSES: readonly Status[] = ['failed', 'interrupted', 'unfinished', 'changed', 'skipped', 'ok']

export const MARKS: Readonly<Record<Status, string>> = {
  ok: '✓',
  changed: '~',
  failed: '✗',
  skipped: '–',
  interrupted: '…',
  unfinished: '…',
}

/** In check mode nothing was changed, and the page does not say that it was. */
export function statusWord(status: Status, check: boolean): string {
  return status === 'changed' && check ? 'would change' : status
}

export function worst(statuses: readonly Status[]): Status {
  return STATUSES.find((status) => statuses.includes(status)) ?? 'ok'
}

export interface Outcome {
  readonly word: string
  readonly look: 'good' | 'bad' | 'warn'
}

/** How the run ended, in a word or two for its badge. */
export function outcomeOf({ start, end, lastWord }: RunRecord): Outcome {
  if (end === undefined)
    return { word: `ended without a word${lastWord === '' ? '' : ` at ${clock(lastWord)}`}`, look: 'bad' }
  if (end.outcome === 'done')
    return { word: start?.check === true ? 'checked, nothing was changed' : 'done', look: 'good' }
  return { word: end.outcome, look: end.outcome === 'interrupted' ? 'warn' : 'bad' }
}

/** `02:51:31 UTC` of an ISO 8601 time. */
const clock = (time: string): string => `${time.slice(11, 19)} UTC`

/** `2026-11-21 02:51:31 UTC` of an ISO 8601 time. */
export const dateAndClock = (time: string): string => `${time.slice(0, 10)} ${clock(time)}`
