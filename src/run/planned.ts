import type * as z from 'zod'
import type { Operation } from '../operations/operation.ts'

/** One host's overlay in check mode: the states that earlier tasks would have left, by operation key. */
export type Planned = Map<string, unknown>

/** What is, as the operation would find it if the earlier tasks of this check had been applied. */
export function overlaid<Schema extends z.ZodType, S>(
  planned: Planned,
  operation: Operation<Schema, S>,
  want: z.output<Schema>,
  now: S,
): S {
  const key = operation.key?.(want)
  if (key === undefined || !planned.has(key)) return now
  const earlier = planned.get(key) as S
  return operation.merge === undefined ? earlier : operation.merge(now, earlier)
}

/** Keeps the state that this operation would leave, for the tasks that come after it. */
export function remember<Schema extends z.ZodType, S>(
  planned: Planned,
  operation: Operation<Schema, S>,
  want: z.output<Schema>,
  now: S,
): void {
  const key = operation.key?.(want)
  if (key === undefined) return
  const after = operation.after(now, want)
  const earlier = planned.get(key) as S | undefined
  planned.set(
    key,
    operation.merge !== undefined && earlier !== undefined ? operation.merge(earlier, after) : after,
  )
}
