import { BringupError } from '../errors.ts'
import type { ApplyContext } from '../operations/operation.ts'
import type { CommandRecord } from '../shell/shell.ts'
import type { Overwrites } from './overwrites.ts'
import { recordTo } from './command_log.ts'
import { reportError } from './error_report.ts'
import type { RunEvent, TaskStatus } from './events.ts'
import { asFailure } from './failure.ts'
import { Stopped } from './group.ts'
import { createInFlight } from './in_flight.ts'
import type { InFlight } from './in_flight.ts'
import type { TaskOptions } from './node.ts'
import type { Planned } from './planned.ts'
import type { RoleLife } from './role_life.ts'
import type { Run } from './run.ts'
import { stoppable } from './stoppable.ts'
import { performWork } from './task.ts'
import type { TaskOutcome, TaskTools, Work } from './task.ts'
import type { Look, Step, Turn } from './turns.ts'

export interface TaskPlace {
  readonly run: Run
  readonly role: string
  readonly host: string
  readonly life: RoleLife
  readonly planned: Planned
  readonly overwrites: Overwrites
  /** @throws BringupError where the role has no such handler */
  checkHandler(name: string): void
  notify(name: string): void
  context(signal: AbortSignal, onHost: InFlight, record: (command: CommandRecord) => void): ApplyContext
}

type TaskEnd = Extract<RunEvent, { type: 'task_end' }>

/**
 * One task of a role: counted, journaled, ended when the run or its own time is, and told where it failed. Those that are
 * begun together take turns.
 */
export function countedTask<S>(
  on: TaskPlace,
  task: string,
  options: TaskOptions,
  work: Work<S>,
): Promise<TaskOutcome> {
  // Its stack holds the place in the role that asked for this task, which is gone once something was awaited.
  const called = new Error()
  const step: Step = {
    look: () => lookAhead(on, options, work),
    carryOut: (look, turn) => performCounted(on, task, options, work, called, look, turn),
  }
  return on.life.tasks.add(
    `${on.host}: ${task}`,
    on.life.turns(step, on.host, on.run.currentShell.getStore()),
  )
}

/** What may not begin any more, and what has a time of its own, is looked at in its turn. */
function lookAhead<S>(on: TaskPlace, { timeout }: TaskOptions, work: Work<S>): Look | null {
  const { run, host, life } = on
  if (run.signal.aborted || !life.mayProceed() || timeout !== undefined) return null
  const commands: CommandRecord[] = []
  const onHost = createInFlight()
  const context = on.context(
    run.signal,
    onHost,
    recordTo(run.redactor, (command) => commands.push(command)),
  )
  const seen = run.currentShell.run({ host, shell: context.$ }, async () => work.read(context))
  return { seen: stoppable(seen, run.signal, onHost), commands }
}

async function performCounted<S>(
  on: TaskPlace,
  task: string,
  options: TaskOptions,
  work: Work<S>,
  called: Error,
  look: Look | null,
  turn: Turn,
): Promise<TaskOutcome> {
  const { run, role, host } = on
  run.signal.throwIfAborted()
  on.life.proceed()
  const started = performance.now()
  const commands: CommandRecord[] = []
  const end = (status: TaskStatus, rest: Partial<TaskEnd> = {}): void =>
    run.emit({
      type: 'task_end',
      role,
      host,
      task,
      status,
      changes: [],
      milliseconds: Math.round(performance.now() - started),
      commands: [...(look?.commands ?? []), ...commands],
      ...rest,
    })
  const fail = (thrown: unknown): BringupError =>
    asFailure(thrown, { where: { host, role, task }, cwd: run.cwd, called })

  run.emit({ type: 'task_start', role, host, task })
  let limit: AbortSignal | undefined
  const onHost = createInFlight()
  try {
    const handlers = checkOptions(on, options)
    if (options.timeout !== undefined) limit = AbortSignal.timeout(options.timeout * 1000)
    const signal = limit === undefined ? run.signal : AbortSignal.any([run.signal, limit])
    const context = on.context(
      signal,
      onHost,
      recordTo(run.redactor, (command) => commands.push(command)),
    )
    const tools: TaskTools = {
      context,
      planned: on.planned,
      overwrites: on.overwrites,
      async changing() {
        await turn.changing()
        // Due from before the change on: a run that dies in it can't lose the handler, and one too many does no harm.
        for (const handler of handlers) on.notify(handler)
      },
      changed: () => turn.changed(),
    }
    const outcome = await stoppable(
      run.currentShell.run({ host, shell: context.$ }, () =>
        performWork(work, tools, look?.seen as Promise<S> | undefined),
      ),
      signal,
      onHost,
    )
    end(outcome.status, { changes: [...outcome.changes] })
    return outcome
  } catch (thrown) {
    if (run.signal.aborted) {
      end('interrupted', { error: reportError(fail(thrown)) })
      throw run.signal.reason
    }
    if (thrown instanceof Stopped) {
      end('skipped', { reason: thrown.message })
      throw thrown
    }
    const error = fail(limit?.aborted ? overdue(options.timeout ?? 0, thrown, commands) : thrown)
    const { task: failed = task } = error.details
    // A task that was begun inside of this one has told its failure itself.
    const told =
      failed === task ? error : fail(new BringupError('TASK_FAILED', `a task in it failed: ${failed}`))
    end('failed', { error: reportError(told) })
    throw error
  }
}

/** Seconds; a timer holds no more. */
const LONGEST = 2_000_000

/** An option that is spelt wrong would be passed over in silence, and a handler never run. */
function checkOptions(on: TaskPlace, options: TaskOptions): string[] {
  const strange = Object.keys(options).filter((name) => !['name', 'notify', 'timeout'].includes(name))
  if (strange.length > 0)
    throw new BringupError('ROLE_INVALID', `a task has no option ${strange.join(', ')}`, {
      expected: 'name, notify, timeout',
      remedy: 'Correct the second argument of the call in the role.',
    })
  const { timeout } = options
  if (timeout !== undefined && !(Number.isFinite(timeout) && timeout > 0 && timeout <= LONGEST))
    throw new BringupError('ROLE_INVALID', 'the timeout of a task is no time', {
      expected: `seconds, up to ${LONGEST}`,
      seen: String(timeout),
      remedy: 'Correct the second argument of the call in the role.',
    })
  const handlers = [options.notify ?? []].flat()
  for (const handler of handlers) on.checkHandler(handler)
  return handlers
}

function overdue(timeout: number, cause: unknown, commands: readonly CommandRecord[]): BringupError {
  const last = commands.findLast((command) => command.code === null)
  const left = cause instanceof BringupError ? cause.details.seen : undefined
  const seen = [last === undefined ? [] : [`\`${last.command.trim()}\` was running`], left ?? []]
    .flat()
    .join('; ')
  return new BringupError('TIMEOUT', `not done after ${timeout} s, and ended`, {
    cause,
    ...(seen === '' ? {} : { seen }),
  })
}
