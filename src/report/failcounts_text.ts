import type { FailCount } from '../cluster/planned/fail_counts.ts'
import type { Failure } from '../pacemaker/crm_mon.ts'
import { printable } from './style.ts'
import { columns } from './columns.ts'
import type { Paint } from './style.ts'

/** What the cluster counts, and what it remembers of failures. */
export function failcountsText(
  record: { readonly counts: readonly FailCount[]; readonly failures: readonly Failure[] },
  paint: Paint,
  cleanup: string,
): string {
  const { counts, failures } = record
  if (counts.length === 0 && failures.length === 0) return `${paint('green', '✓')} no failure is on record`
  const rows = counts.map(({ resource, operation = 'any operation', node, count, last }) => [
    printable(resource),
    printable(operation),
    `on ${node}`,
    count === 'INFINITY' ? 'INFINITY: not tried there any more' : `${count}×`,
    last === undefined ? '' : `last ${last.toISOString().replace(/\.\d+Z$/, 'Z')}`,
  ])
  return [
    ...(rows.length === 0 ? [] : [columns(rows)]),
    ...failures.map(
      ({ operation, status, reason, when }) =>
        `${paint('yellow', '!')} ${printable(operation)}: ${printable(status)}${reason === '' || reason === 'none' ? '' : ` (${printable(reason)})`}${when === '' ? '' : `, ${when}`}`,
    ),
    `  ${paint('dim', 'next')}  Mend the cause, then: ${cleanup}`,
  ].join('\n')
}
