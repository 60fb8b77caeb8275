import { basename } from 'node:path'
import { counts } from './run_record.ts'
import type { RunRecord } from './run_record.ts'
import { duration } from './style.ts'
import type { Paint } from './style.ts'

export interface ListedRun {
  readonly run: string
  readonly record: RunRecord
}

const HEADINGS = ['RUN', 'PLAYBOOK', 'OUTCOME', 'CHANGED', 'FAILED', 'TOOK', 'HOSTS'] as const

/** A line for each run, in the order given. The name of a run is the time at which it began, in UTC. */
export function runListText(runs: readonly ListedRun[], paint: Paint): string {
  const rows = runs.map(({ run, record }) => rowOf(run, record))
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[], look: (text: string, column: number) => string): string =>
    cells
      .map((text, column) =>
        look(column === cells.length - 1 ? text : text.padEnd(widths[column] ?? 0), column),
      )
      .join('  ')
      .trimEnd()
  const looks: Record<number, (text: string) => string> = {
    2: (text) => paint(/^(done|checked)/.test(text) ? 'green' : 'red', text),
    3: (text) => (text.trim() === '0' ? text : paint('yellow', text)),
    4: (text) => (text.trim() === '0' ? text : paint('red', text)),
  }
  return [
    line(HEADINGS, (text) => paint('dim', text)),
    ...rows.map((row) => line(row, (text, column) => looks[column]?.(text) ?? text)),
  ].join('\n')
}

function rowOf(run: string, record: RunRecord): string[] {
  const { start, end, recap, milliseconds } = record
  const { changed, failed } = counts(recap)
  const outcome =
    end === undefined
      ? 'unfinished'
      : end.outcome === 'done' && start?.check === true
        ? 'checked'
        : end.outcome
  return [
    run,
    start === undefined ? '?' : basename(start.playbook),
    outcome,
    String(changed),
    String(failed),
    duration(milliseconds),
    start?.hosts.join(' ') ?? '',
  ]
}
