import { isDeepStrictEqual } from 'node:util'
import { asBringupError, BringupError } from '../errors.ts'
import type { PlannedRole } from '../playbook/playbook.ts'
import type { RoleContext } from '../role.ts'
import { createNode } from './create_node.ts'
import type { DueHandlers } from './due_handlers.ts'
import { reportError } from './error_report.ts'
import type { GroupFate } from './group.ts'
import type { HostSession } from './host_session.ts'
import type { Node } from './node.ts'
import { createNodes } from './nodes.ts'
import type { Nodes } from './nodes.ts'
import type { Run } from './run.ts'

type AnyVars = Readonly<Record<string, unknown>>

/**
 * Runs one role on its group of hosts, then the handlers that became due (or were left due by an earlier run).
 * @throws BringupError that ended the role; it has been reported
 */
export async function runRole(
  run: Run,
  role: PlannedRole,
  sessions: readonly HostSession[],
  fate: GroupFate,
  due: DueHandlers,
): Promise<void> {
  const { name, definition } = role
  const started = performance.now()
  run.emit({
    type: 'role_start',
    role: name,
    summary: definition.summary,
    hosts: sessions.map(({ host }) => host.name),
  })
  const members = sessions.map((session) =>
    createNode<AnyVars>(session, role.vars.get(session.host.name) ?? {}, {
      run,
      role: name,
      roleDirectory: role.directory,
      handlers: Object.keys(definition.handlers ?? {}),
      fate,
      due: (handler) => due.add({ host: session.host.name, role: name, handler }),
    }),
  )
  const reported = new Set<unknown>()
  const nodes = createNodes(members, fate, (node, error) => {
    reported.add(error)
    reportFailure(run, role, node.name, error)
  })
  let outcome: 'done' | 'failed' | 'interrupted' = 'failed'
  try {
    await definition.run(contextOf(run, name, nodes))
    if (!run.check) await runHandlers(role, nodes, due)
    outcome = 'done'
  } catch (error) {
    if (run.signal.aborted) {
      outcome = 'interrupted'
      throw run.signal.reason
    }
    if (!reported.has(error)) reportFailure(run, role, null, error)
    throw roleError(role, error)
  } finally {
    run.emit({ type: 'role_end', role: name, outcome, milliseconds: Math.round(performance.now() - started) })
  }
}

function contextOf(run: Run, role: string, nodes: Nodes<AnyVars>): RoleContext {
  return {
    nodes,
    vars: sharedVars(role, [...nodes]),
    check: run.check,
    warn: (message) => run.emit({ type: 'warning', role, message }),
  }
}

/** The vars that all nodes have in common; reading another one is an error that says how they differ. */
function sharedVars(role: string, nodes: readonly Node<AnyVars>[]): AnyVars {
  const [first, ...rest] = nodes
  if (first === undefined) return {}
  return new Proxy(first.vars, {
    get: (vars, key) => {
      const value = Reflect.get(vars, key) as unknown
      const other = rest.find((node) => !isDeepStrictEqual(Reflect.get(node.vars, key), value))
      if (other === undefined) return value
      throw new BringupError(
        'ROLE_INVALID',
        `${role} reads vars.${String(key)} for the group, but it differs between hosts`,
        {
          seen: `${first.name} and ${other.name} have different values`,
          remedy: 'Read node.vars in the role, or set the same value for all hosts of the play.',
        },
      )
    },
  })
}

async function runHandlers(role: PlannedRole, nodes: Nodes<AnyVars>, due: DueHandlers): Promise<void> {
  for (const [handler, hosts] of due.of(role.name)) {
    const action = role.definition.handlers?.[handler]
    await nodes
      .where((node) => hosts.includes(node.name))
      .each(async (node) => {
        // A handler that the role no longer has can't be run any more; it is not due for ever.
        if (action !== undefined) await action(node as Node<never>)
        due.done({ host: node.name, role: role.name, handler })
      })
  }
}

/** A failure that no task has counted (an error in the role itself) is counted as one. */
function reportFailure(run: Run, role: PlannedRole, host: string | null, thrown: unknown): void {
  if (run.signal.aborted) return
  const error = roleError(role, thrown)
  if (error.details.task !== undefined) return
  const on = host ?? 'all hosts'
  run.emit({
    type: 'task_end',
    role: role.name,
    host: on,
    task: 'role',
    status: 'failed',
    changes: [],
    milliseconds: 0,
    commands: [],
    error: reportError(error.within({ host: on })),
  })
}

function roleError(role: PlannedRole, thrown: unknown): BringupError {
  return asBringupError(thrown).within({ role: role.name })
}
