import { columns } from '../../src/report/columns.ts'

/** What one trial came to. */
export interface Row {
  readonly trial: string
  readonly expected: string
  readonly seen: string
  /** HTTP requests without a good answer, of those that were sent meanwhile. */
  readonly lost: number
  readonly sent: number
}

const HEAD = ['trial', 'expected', 'seen', 'requests lost'] as const

/** Rows as lines of equal columns, below a heading. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.trial,
    row.expected,
    row.seen === row.expected ? 'the same' : row.seen,
    `${row.lost} of ${row.sent}`,
  ])
  return columns([[...HEAD], ...cells])
}
