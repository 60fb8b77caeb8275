import type * as z from 'zod'
import type { ApplyContext, Operation } from '../operations/operation.ts'
import { operations } from '../operations/all.ts'
import type { Asking } from '../operations/question.ts'
import { gatherFacts } from '../facts/gather.ts'
import { Secret } from '../secret.ts'
import { createShell } from '../shell/create.ts'
import type { CommandRecord, Shell } from '../shell/shell.ts'
import { recordingScripts } from './command_log.ts'
import { createAsking, recordedAsking } from './asking.ts'
import { countedTask } from './counted_task.ts'
import type { TaskPlace } from './counted_task.ts'
import { until } from './host_session.ts'
import type { HostSession } from './host_session.ts'
import { createInFlight } from './in_flight.ts'
import type { InFlight } from './in_flight.ts'
import { looseShell } from './loose_commands.ts'
import { checkOperation, checkTask, misused, parseWanted } from './misuse.ts'
import type { Node, NodeOperations, TaskOptions } from './node.ts'
import type { RoleLife } from './role_life.ts'
import { readFile } from './read_file.ts'
import type { Run } from './run.ts'
import { operationWork, requireWork, taskWork, wrongWork } from './task.ts'
import type { TaskDefinition, TaskOutcome } from './task.ts'

/** What a role brings to each of its nodes. */
export interface RoleOnHost {
  readonly run: Run
  readonly role: string
  readonly roleDirectory: string
  readonly handlers: readonly string[]
  readonly life: RoleLife
  /** Keeps a handler due on this host until it has run; in check mode it only would. */
  due(handler: string): void
}

/** The node that a role is given: every task on it is counted, journaled, and stopped when the run is. */
export function createNode<V>(session: HostSession, vars: V, on: RoleOnHost): Node<V> {
  const { host } = session
  const { run, role, life } = on
  const where = { role, host: host.name }

  const asking = (signal: AbortSignal): Asking =>
    createAsking(until(signal, session.remote, createInFlight()))
  const together = asking(run.signal)
  const context = (
    signal: AbortSignal,
    onHost: InFlight,
    record: (command: CommandRecord) => void,
  ): ApplyContext => {
    const remote = until(signal, session.remote, onHost)
    // What has a time of its own asks by itself.
    const ask = signal === run.signal ? together : asking(signal)
    return {
      host: host.name,
      get facts() {
        return session.facts
      },
      $: createShell({
        remote,
        mode: run.check ? 'check' : 'run',
        record,
        redact: (text) => run.redactor.redact(text),
      }),
      ask: recordedAsking((question, item) => onHost.add('a look', ask(question, item)), record),
      remote: recordingScripts(remote, record),
      signal,
      check: run.check,
      egress: session.egress,
      consents: host.consents,
      planned: <S>(key: string) => session.planned.get(key) as S | undefined,
      controller: { roleDirectory: on.roleDirectory, projectDirectory: run.projectDirectory },
    }
  }

  const checkHandler = (handler: string): void => {
    if (on.handlers.includes(handler)) return
    throw misused(`the role ${role} notifies a handler that it does not have: ${handler}`, {
      seen: on.handlers.length === 0 ? 'no handlers' : on.handlers.join(', '),
      remedy: 'Declare it under `handlers` of defineRole.',
    })
  }
  const notify = (handler: string): void => {
    checkHandler(handler)
    on.due(handler)
  }
  const place: TaskPlace = {
    ...where,
    run,
    life,
    planned: session.planned,
    overwrites: session.overwrites,
    context,
    checkHandler,
    notify,
  }

  const renewFacts = async ({ remote }: ApplyContext): Promise<void> => {
    session.facts = await gatherFacts(remote)
  }

  function perform<Schema extends z.ZodType, S>(
    operation: Operation<Schema, S>,
    input: z.input<Schema>,
    options: TaskOptions = {},
  ): Promise<TaskOutcome> {
    const wanted = checkOperation(operation) ?? parseWanted(operation, input)
    if ('wrong' in wanted)
      return countedTask(place, options.name ?? operation?.name ?? 'do', options, wrongWork(wanted.wrong))
    const name = options.name ?? `${operation.name} ${operation.subject(wanted.value)}`
    return countedTask(place, name, options, operationWork(operation, wanted.value, renewFacts))
  }

  const task = (
    name: string,
    definition: TaskDefinition,
    options: TaskOptions = {},
  ): Promise<TaskOutcome> => {
    const wrong = checkTask(definition)
    const work = wrong === null ? taskWork(name, definition) : wrongWork(wrong)
    return countedTask<boolean | string>(place, String(name), options, work)
  }

  const ready = Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (want: never, options?: TaskOptions) =>
        perform(operation as Operation<z.ZodType, unknown>, want, options),
    ]),
  ) as unknown as NodeOperations

  const loose = looseShell(session, { run, role, life })
  const readBytes = (path: string): Promise<Buffer | null> => readFile(session, path, run.signal)

  return {
    ...ready,
    name: host.name,
    groups: host.groups,
    address: host.connection.address,
    vars,
    get facts() {
      return session.facts
    },
    $: inCurrentTask(run, host.name, loose),
    do: perform,
    task,
    require: async (name, holds, remedy) =>
      void (await countedTask(place, name, {}, requireWork(name, holds, remedy))),
    readText: async (path) => (await readBytes(path))?.toString('utf8') ?? null,
    readSecret: async (path) => {
      const bytes = await readBytes(path)
      if (bytes === null) return null
      const secret = new Secret(bytes, `${host.name}:${path}`)
      run.redactor.add(secret)
      return secret
    },
    skip: (name, reason) =>
      run.emit({
        type: 'task_end',
        ...where,
        task: name,
        status: 'skipped',
        reason: String(reason),
        changes: [],
        milliseconds: 0,
        commands: [],
      }),
    notify,
    progress: (message) => run.emit({ type: 'progress', host: host.name, message: String(message) }),
    note: (message) => run.emit({ type: 'note', ...where, message: String(message) }),
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
