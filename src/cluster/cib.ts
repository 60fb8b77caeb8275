import * as z from 'zod'
import { operation } from '../operations/operation.ts'
import type { Change } from '../operations/operation.ts'
import { reconcile } from '../pacemaker/cib/reconcile.ts'
import { cibFields, consistentCib } from '../pacemaker/cib/schema.ts'
import type { Cib } from '../pacemaker/cib/schema.ts'
import { shownConfiguration } from '../pacemaker/cib/shown_cib.ts'
import { patchCib } from './patch_cib.ts'
import { adviceOf, readCib } from './read_cib.ts'
import type { CibState } from './read_cib.ts'
import { waitSettled } from './wait_settled.ts'

const params = z
  .strictObject({
    ...cibFields,
    timeout: z
      .number()
      .positive()
      .default(120)
      .describe('Seconds that the resources may take until they run where they should'),
  })
  .superRefine(consistentCib)

/**
 * A cluster's properties, resources and constraints as declared, and the declared resources running. Done once, on any
 * node of the cluster. In check mode it also says what the cluster would do about it.
 */
export const cib = operation('cib', {
  params,
  subject: (want) => subjectOf(want),
  key: () => 'cib',
  read: (context, want) => readCib(context, want),

  plan(now, want): Change[] {
    const { cib: next, differences } = reconcile(now.cib, want, adviceOf(now))
    const changes: Change[] = differences.map(({ text }) => ({ summary: text }))
    const last = changes.at(-1)
    if (last === undefined) return now.problems.map((text) => ({ summary: `wait: ${text}` }))
    last.diff = {
      path: 'CIB',
      before: shownConfiguration(now.cib, want),
      after: shownConfiguration(next, want),
    }
    return [...changes, ...now.preview.map((text) => ({ summary: text }))]
  },

  async apply(context, _changes, want, now): Promise<void> {
    await patchCib(context, want, now)
    await waitSettled(context, want, want.timeout)
  },

  after: (now, want): CibState => ({
    ...now,
    cib: reconcile(now.cib, want, adviceOf(now)).cib,
    problems: [],
    preview: [],
  }),
  merge: (now, planned): CibState => ({ ...now, cib: planned.cib }),
})

function subjectOf(want: Cib): string {
  const counts: [number, string][] = [
    [Object.keys(want.properties).length, 'properties'],
    [want.resources.length, 'resources'],
    [
      want.constraints.location.length + want.constraints.colocation.length + want.constraints.order.length,
      'constraints',
    ],
  ]
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ')
}
