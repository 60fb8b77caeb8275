import { setTimeout as delay } from 'node:timers/promises'
import type * as z from 'zod'
import type { Seconds } from '../connection/remote.ts'
import { BringupError } from '../errors.ts'
import type { ApplyContext, Change, Operation, ReadContext } from '../operations/operation.ts'
import type { Overwrites } from './overwrites.ts'
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
  /** How long after `apply` it may take until `met` sees it; none when left out. */
  readonly within?: Seconds
}

const LOOK_EVERY = 300

/** What a task works with. */
export interface TaskTools {
  readonly context: ApplyContext
  readonly planned: Planned
  readonly overwrites?: Pick<Overwrites, 'check'>
  /** Called before the first change is made, which from then on may have been made, whatever becomes of the run. */
  changing?(): Promise<void>
  /** Called when the changes have been made; in check mode, when what comes after is to see them as made. */
  changed?(): void
}

/** A task in two halves: what it sees, which may be looked at ahead of its turn, and what it does about that. */
export interface Work<S> {
  /** Looks, and changes nothing. */
  read(context: ReadContext): Promise<S>
  finish(tools: TaskTools, now: S): Promise<TaskOutcome>
}

const OK: TaskOutcome = { status: 'ok', changed: false, changes: [] }

/**
 * Reads, plans, applies, then reads and plans again: the second plan must be empty. In check mode it stops at the plan.
 * @param renewFacts called where the operation has made another host of it
 */
export function operationWork<Schema extends z.ZodType, S>(
  operation: Operation<Schema, S>,
  want: z.output<Schema>,
  renewFacts?: (context: ApplyContext) => Promise<void>,
): Work<S> {
  const read = (context: ReadContext): Promise<S> => operation.read(context, want)
  return {
    read,
    async finish(tools, seen) {
      const { context, planned } = tools
      const now = overlaid(planned, operation, want, seen)
      const changes = planOf(operation, now, want)
      if (changes.length === 0) return OK
      tools.overwrites?.check(operation.overwrites?.(now, want) ?? [])
      await tools.changing?.()
      if (context.check) {
        remember(planned, operation, want, now)
        tools.changed?.()
        return { status: 'changed', changed: true, changes }
      }
      await operation.apply(context, changes, want, now)
      if (operation.outdatesFacts === true) await renewFacts?.(context)
      tools.changed?.()
      const left = operation.provenByApply === true ? [] : planOf(operation, await read(context), want)
      if (left.length > 0) throw notMet(left.map((change) => change.summary).join('; '), changes)
      return { status: 'changed', changed: true, changes }
    },
  }
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
export function taskWork(name: string, task: TaskDefinition): Work<boolean | string> {
  const read = (context: ReadContext): Promise<boolean | string> => askedMet(context, task)
  return {
    read,
    async finish(tools, before) {
      const { context } = tools
      if (before === true) return OK
      const changes: Change[] = [{ summary: typeof before === 'string' ? before : name }]
      await tools.changing?.()
      if (context.check) {
        tools.changed?.()
        return { status: 'changed', changed: true, changes }
      }
      await task.apply(context)
      tools.changed?.()
      const deadline = performance.now() + (task.within ?? 0) * 1000
      for (let after = await read(context); after !== true; after = await read(context)) {
        if (performance.now() >= deadline)
          throw notMet(typeof after === 'string' ? after : 'not met', changes)
        await delay(LOOK_EVERY, null, { signal: context.signal })
      }
      return { status: 'changed', changed: true, changes }
    },
  }
}

/** A condition that must hold: it is looked at, and nothing is ever changed. */
export function requireWork(
  name: string,
  holds: (context: ReadContext) => Promise<true | string>,
  remedy: string,
): Work<true | string> {
  return {
    read: (context) => holds(context),
    async finish(_tools, seen) {
      if (seen === true) return OK
      throw new BringupError('REFUSED', 'this must hold first, and does not', {
        expected: name,
        seen,
        remedy,
      })
    },
  }
}

/** For what was called wrongly: it fails as soon as it looks. */
export const wrongWork = (wrong: unknown): Work<never> => ({
  read: () => Promise.reject(wrong),
  finish: (_tools, never) => never,
})

/** All of a task, with what it has seen ahead of its turn or else what it sees now. */
export async function performWork<S>(
  work: Work<S>,
  tools: TaskTools,
  seen?: Promise<S>,
): Promise<TaskOutcome> {
  return work.finish(tools, await (seen ?? work.read(tools.context)))
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
