import type { Remote } from '../connection/remote.ts'
import { createShell } from '../shell/create.ts'
import type { CommandRecord, Shell } from '../shell/shell.ts'
import { recordTo } from './command_log.ts'
import { createInFlight } from './in_flight.ts'
import type { HostSession } from './host_session.ts'
import { until } from './host_session.ts'
import type { RoleLife } from './role_life.ts'
import type { Run } from './run.ts'

/** Commands of a role outside of tasks: each one that may change the host is counted as a task of its own. */
export function looseShell(session: HostSession, on: { run: Run; role: string; life: RoleLife }): Shell {
  const { run, life } = on
  const host = session.host.name
  const where = { role: on.role, host }
  const bound = until(run.signal, session.remote, createInFlight())
  const remote: Pick<Remote, 'host' | 'run'> = {
    host,
    run: (script, options) => life.tasks.add(`${host}: $ …`, bound.run(script, options)),
  }

  const ended = (command: CommandRecord): void => {
    if (command.kind === 'read') return run.emit({ type: 'read', ...where, command })
    run.emit({
      type: 'task_end',
      ...where,
      task: titleOf(command),
      // One that failed is thrown at the role, which may be ready for that; it may have changed the host all the same.
      status: command.error === 'INTERRUPTED' && run.signal.aborted ? 'interrupted' : 'changed',
      changes: [{ summary: howEnded(command, run.check) }],
      milliseconds: command.milliseconds,
      commands: [command],
    })
  }
  return createShell({
    remote,
    mode: run.check ? 'check' : 'run',
    begin: (command) => {
      run.signal.throwIfAborted()
      life.proceed()
      if (command.kind === 'change') run.emit({ type: 'task_start', ...where, task: titleOf(command) })
    },
    record: recordTo(run.redactor, ended),
    redact: (text) => run.redactor.redact(text),
  })
}

const titleOf = ({ command }: Pick<CommandRecord, 'command'>): string =>
  `$ ${command.trim().split('\n', 1)[0] ?? ''}`

function howEnded({ code, error }: CommandRecord, check: boolean): string {
  if (check) return 'would run'
  if (code === null) return `begun, then ${error ?? 'lost'}`
  return code === 0 ? 'ran' : `ran, ended with status ${code}`
}
