import type * as z from 'zod'
import { BringupError } from '../errors.ts'
import type { ApplyContext, Change, Operation, ReadContext } from '../operations/operation.ts'
import type { TaskStatus } from './events.ts'
import { overlaid, remember } from './planned.ts'
import type { Planned } from './planned.ts'

export interface TaskOutcome {
  readonly status: Extract<TaskStatus, 'ok' | 'changed'>
  readonly changed: boolean
  readonly changes: readonly Change[]
}

/** A one-off step, for what no operation covers. */
export interface TaskDefinition {
  /** Looks, and says whether it is as wanted: `true`, or `false`, or in words what was seen instead. */
  met(context: ReadContext): Promise<boolean | string>
  /** Makes it so. `met` is asked again afterwards, and the task has failed if it still says no. */
  apply(context: ApplyContext): Promise<unknown>
}

/** What a task works with. */
export interface TaskTools {
  readonly context: ApplyContext
  readonly planned: Planned
  /** Called before the first change is made, which from then on may have been made, whatever becomes of the run. */
  readonly beforeApply?: () => void
}

const OK: TaskOutcome = { status: 'ok', changed: false, changes: [] }

/** Reads, plans, applies, then reads and plans again: the second plan must be empty. In check mode it stops at the plan. */
export async function performOperation<Schema extends z.ZodType, S>(
  tools: TaskTools,
  operation: Operation<Schema, S>,
  want: z.output<Schema>,
): Promise<TaskOutcome> {
  const { context, planned } = tools
  const now = overlaid(planned, operation, want, await operation.read(context, want))
  const changes = planOf(operation, now, want)
  if (changes.length === 0) return OK
  if (context.check) {
    remember(planned, operation, want, now)
    return { status: 'changed', changed: true, changes }
  }
  tools.beforeApply?.()
  await operation.apply(context, changes, want, now)
  const left = planOf(operation, await operation.read(context, want), want)
  if (left.length > 0) throw notMet(left.map((change) => change.summary).join('; '), changes)
  return { status: 'changed', changed: true, changes }
}

function planOf<Schema extends z.ZodType, S>(
  operation: Operation<Schema, S>,
  now: S,
  want: z.output<Schema>,
): Change[] {
  const changes: unknown = operation.plan(now, want)
  if (Array.isArray(changes)) return changes as Change[]
  throw new BringupError('ROLE_INVALID', `the plan of ${operation.name} is no list of changes`, {
    seen: String(changes),
    remedy: 'Return one, empty when nothing is to be done.',
  })
}

/** The small form of the same, for a `met` and an `apply`. */
export async function performTask(
  tools: TaskTools,
  name: string,
  task: TaskDefinition,
): Promise<TaskOutcome> {
  const { context } = tools
  const before = await askedMet(context, task)
  if (before === true) return OK
  const changes: Change[] = [{ summary: typeof before === 'string' ? before : name }]
  if (context.check) return { status: 'changed', changed: true, changes }
  tools.beforeApply?.()
  await task.apply(context)
  const after = await askedMet(context, task)
  if (after !== true) throw notMet(typeof after === 'string' ? after : 'not met', changes)
  return { status: 'changed', changed: true, changes }
}

async function askedMet(context: ReadContext, task: TaskDefinition): Promise<boolean | string> {
  const met: unknown = await task.met(context)
  if (typeof met === 'boolean' || typeof met === 'string') return met
  throw new BringupError('ROLE_INVALID', "the task's met says nothing", {
    expected: 'true, false, or in words what is seen instead',
    seen: String(met),
    remedy: 'Return it: async met({ $ }) { return … }.',
  })
}

function notMet(left: string, changes: readonly Change[]): BringupError {
  return new BringupError('NOT_MET', 'it was applied without an error, and is still not as wanted', {
    expected: `nothing left to do after: ${changes.map((change) => change.summary).join('; ')}`,
    seen: left,
    remedy: 'Something on the host undoes or overrides it; look at the commands of this task in the journal.',
  })
}
