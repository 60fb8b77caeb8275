import type * as z from 'zod'
import { BringupError } from '../errors.ts'
import type { ApplyContext, Operation } from '../operations/operation.ts'
import { operations } from '../operations/all.ts'
import { Secret } from '../secret.ts'
import { createShell } from '../shell/create.ts'
import type { CommandRecord, Shell } from '../shell/shell.ts'
import type { RunEvent, TaskStatus } from './events.ts'
import { reportError } from './error_report.ts'
import { proceed } from './group.ts'
import type { GroupFate } from './group.ts'
import { until } from './host_session.ts'
import type { HostSession } from './host_session.ts'
import type { Node, NodeOperations, TaskOptions } from './node.ts'
import type { Run } from './run.ts'
import { performOperation, performTask, taskError } from './task.ts'
import type { TaskOutcome, TaskTools } from './task.ts'

/** What a role brings to each of its nodes. */
export interface RoleOnHost {
  readonly run: Run
  readonly role: string
  readonly roleDirectory: string
  readonly handlers: readonly string[]
  readonly fate: GroupFate
  /** Keeps a handler due on this host until it has run. */
  due(handler: string): void
}

/** The node that a role is given: every task on it is counted, journaled, and stopped when the run is. */
export function createNode<V>(session: HostSession, vars: V, on: RoleOnHost): Node<V> {
  const { host } = session
  const { run } = on
  const where = { role: on.role, host: host.name }

  const context = (signal: AbortSignal, record: (command: CommandRecord) => void): ApplyContext => {
    const remote = until(signal, session.remote)
    return {
      host: host.name,
      get facts() {
        return session.facts
      },
      $: createShell({ remote, mode: run.check ? 'check' : 'run', record }),
      remote,
      signal,
      check: run.check,
      proxyEnv: session.proxyEnv,
      planned: <S>(key: string) => session.planned.get(key) as S | undefined,
      controller: { roleDirectory: on.roleDirectory, projectDirectory: run.projectDirectory },
    }
  }

  async function counted(
    task: string,
    options: TaskOptions,
    work: (tools: TaskTools) => Promise<TaskOutcome>,
  ): Promise<TaskOutcome> {
    run.signal.throwIfAborted()
    proceed(on.fate)
    const started = performance.now()
    const commands: CommandRecord[] = []
    const end = (status: TaskStatus, rest: Partial<Extract<RunEvent, { type: 'task_end' }>> = {}): void =>
      run.emit({
        type: 'task_end',
        ...where,
        task,
        status,
        changes: [],
        milliseconds: Math.round(performance.now() - started),
        commands,
        ...rest,
      })
    run.emit({ type: 'task_start', ...where, task })
    const limit = options.timeout === undefined ? undefined : AbortSignal.timeout(options.timeout * 1000)
    const signal = limit === undefined ? run.signal : AbortSignal.any([run.signal, limit])
    try {
      const tools = {
        context: context(signal, (command) => commands.push(command)),
        commands,
        planned: session.planned,
      }
      const outcome = await run.currentShell.run({ host: host.name, shell: tools.context.$ }, () =>
        work(tools),
      )
      if (outcome.changed) for (const handler of [options.notify ?? []].flat()) notify(handler)
      end(outcome.status, { changes: [...outcome.changes] })
      return outcome
    } catch (thrown) {
      if (run.signal.aborted) throw run.signal.reason
      const cause = limit?.aborted
        ? new BringupError('TIMEOUT', `not done after ${options.timeout} s`, { cause: thrown })
        : thrown
      const error = taskError(cause, { ...where, task })
      end('failed', { error: reportError(error) })
      throw error
    }
  }

  function notify(handler: string): void {
    if (!on.handlers.includes(handler))
      throw new BringupError(
        'ROLE_INVALID',
        `the role ${on.role} notifies a handler that it does not have: ${handler}`,
        {
          seen: on.handlers.length === 0 ? 'no handlers' : on.handlers.join(', '),
          remedy: 'Declare it under `handlers` of defineRole.',
        },
      )
    if (!run.check) on.due(handler)
  }

  const perform = <Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    input: z.input<Schema>,
    options: TaskOptions = {},
  ): Promise<TaskOutcome> => {
    const parsed = operation.params.safeParse(input)
    if (!parsed.success) {
      const task = options.name ?? operation.name
      return counted(task, options, () => Promise.reject(badParameters(operation.name, parsed.error)))
    }
    const want = parsed.data
    const name = options.name ?? `${operation.name} ${operation.subject(want)}`
    return counted(name, options, (tools) => performOperation(tools, operation, want))
  }

  const ready = Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (want: never, options?: TaskOptions) =>
        perform(operation as Operation<z.ZodType, unknown>, want, options),
    ]),
  ) as unknown as NodeOperations

  const outside = context(run.signal, (command) => looseCommand(run, where, command))
  const readBytes = async (path: string): Promise<Buffer | null> => {
    const planned = session.planned.get(`path:${path}`) as { content?: Buffer | null } | undefined
    if (planned !== undefined) return planned.content ?? null
    const seen = await outside.$.read({ nothrow: true })`[ -e ${path} ] || exit 44; cat -- ${path}`
    if (seen.exitCode === 44) return null
    if (seen.exitCode !== 0)
      throw new BringupError('COMMAND_FAILED', `cannot read ${path}`, { ...where, seen: seen.stderr.trim() })
    return seen.buffer()
  }

  return {
    ...ready,
    name: host.name,
    groups: host.groups,
    address: host.connection.address,
    vars,
    get facts() {
      return session.facts
    },
    $: inCurrentTask(run, host.name, outside.$),
    do: perform,
    task: (name, task, options = {}) => counted(name, options, (tools) => performTask(tools, name, task)),
    require: async (name, holds, remedy) => {
      await counted(name, {}, async (tools) => {
        const seen = await holds(tools.context)
        if (seen === true) return { status: 'ok', changed: false, changes: [] }
        throw new BringupError('REFUSED', 'this must hold first, and does not', { expected: name, seen, remedy })
      })
    },
    readText: async (path) => (await readBytes(path))?.toString('utf8') ?? null,
    readSecret: async (path) => {
      const bytes = await readBytes(path)
      if (bytes === null) return null
      const secret = new Secret(bytes, `${host.name}:${path}`)
      run.redactor.add(secret)
      return secret
    },
    skip: (task, reason) =>
      run.emit({
        type: 'task_end',
        ...where,
        task,
        status: 'skipped',
        reason,
        changes: [],
        milliseconds: 0,
        commands: [],
      }),
    notify,
    note: (message) => run.emit({ type: 'note', ...where, message }),
  }
}

/** `node.$` inside a task is that task's shell; else a change made with it is a task of its own. */
function inCurrentTask(run: Run, host: string, outside: Shell): Shell {
  const current = (): Shell => {
    const task = run.currentShell.getStore()
    return task?.host === host ? task.shell : outside
  }
  const tag = ((...parts: Parameters<Shell>) => current()(...parts)) as Shell
  return new Proxy(tag, { get: (_, property) => Reflect.get(current(), property) as unknown })
}

function looseCommand(run: Run, where: { role: string; host: string }, command: CommandRecord): void {
  if (command.kind === 'read') return run.emit({ type: 'read', ...where, command })
  const task = `$ ${command.command.trim().split('\n', 1)[0]}`
  const { milliseconds } = command
  // A failed one is thrown at the role, and counted when it comes out of the role unhandled.
  if (command.code !== 0) return run.emit({ type: 'read', ...where, command })
  run.emit({
    type: 'task_end',
    ...where,
    task,
    status: 'changed',
    changes: [{ summary: 'ran' }],
    milliseconds,
    commands: [command],
  })
}

function badParameters(operation: string, error: z.ZodError): BringupError {
  const issues = error.issues.map((issue) => `${issue.path.join('.') || 'parameters'}: ${issue.message}`)
  return new BringupError(
    'ROLE_INVALID',
    `the role asks for ${operation} with wrong parameters: ${issues.join('; ')}`,
    {
      remedy: 'Correct the call in the role.',
    },
  )
}
