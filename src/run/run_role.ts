import type { PlannedRole } from '../playbook/playbook.ts'
import type { RoleContext } from '../role.ts'
import { withoutRootShell } from '../shell/guard.ts'
import { runAtEnd } from './at_end.ts'
import type { EndAction, RoleHosts } from './at_end.ts'
import { createNode } from './create_node.ts'
import { createDueHandlers } from './due_handlers.ts'
import type { DueHandlers } from './due_handlers.ts'
import { asFailure } from './failure.ts'
import type { GroupFate } from './group.ts'
import type { HostSession } from './host_session.ts'
import { createNodes } from './nodes.ts'
import { allAwaited, throwIfSwallowed, unlessStopped } from './role_end.ts'
import { reportFailure, tellStray } from './role_failure.ts'
import { createRoleLife } from './role_life.ts'
import type { RoleLife } from './role_life.ts'
import { runHandlers } from './run_handlers.ts'
import type { Run } from './run.ts'
import { sharedVars } from './shared_vars.ts'
import type { AnyVars } from './shared_vars.ts'

const NEVER = new AbortController().signal

/**
 * Runs one role on its group of hosts, beside which are its peers where it asks for them; then the handlers that became due (or were left due by an earlier run).
 * @throws BringupError that ended the role; it has been reported
 */
export async function runRole(
  run: Run,
  { role, step }: { readonly role: PlannedRole; readonly step: number },
  {
    sessions,
    beside,
  }: { readonly sessions: readonly HostSession[]; readonly beside: readonly HostSession[] },
  fate: GroupFate,
  due: DueHandlers,
): Promise<void> {
  const { name, definition } = role
  const started = performance.now()
  const hosts = sessions.map(({ host }) => host.name)
  run.emit({ type: 'role_start', role: name, summary: definition.summary, hosts, step })
  const life = createRoleLife(name, fate)
  const planned = createDueHandlers(() => {}, [])
  const reported = new Set<unknown>()
  const others = definition.peers === true ? beside : []
  const group = (during: Run, lives: RoleLife, shared: GroupFate): RoleHosts<AnyVars> => {
    const members = [...sessions, ...others].map((session) =>
      createNode<AnyVars>(session, role.vars.get(session.host.name) ?? {}, {
        run: during,
        role: name,
        roleDirectory: role.directory,
        handlers: Object.keys(definition.handlers ?? {}),
        life: lives,
        due: (handler) => (run.check ? planned : due).add({ host: session.host.name, role: name, handler }),
      }),
    )
    const own = members.filter(({ name: host }) => hosts.includes(host))
    const fail = (node: { readonly name: string }, error: unknown): void => {
      reported.add(error)
      reportFailure(during, role, node.name, error)
    }
    const all = createNodes(members, shared, fail, own)
    return { nodes: all.where((node) => own.includes(node)), peers: all.where((node) => !own.includes(node)) }
  }
  const roleHosts = group(run, life, fate)
  const actions: EndAction<AnyVars>[] = []
  const atEnd = async (): Promise<void> => {
    const anew = (signal: AbortSignal): RoleHosts<AnyVars> => {
      const shared = { ...fate, failed: new Map<string, unknown>() }
      return group({ ...run, signal }, createRoleLife(name, shared), shared)
    }
    const [error] = await runAtEnd(actions.splice(0), anew)
    if (error === undefined) return
    if (!reported.has(error)) reportFailure({ ...run, signal: NEVER }, role, null, error)
    reported.add(error)
    throw error
  }
  let outcome: 'done' | 'failed' | 'interrupted' = 'failed'
  try {
    const work = withoutRootShell(async () => {
      await definition.run(contextOf(run, role, roleHosts, actions))
      await allAwaited(life, name)
      throwIfSwallowed(fate)
      if (run.check) return tellPlanned(run, planned)
      await runHandlers(role, roleHosts.nodes, due)
      await runHandlers(role, roleHosts.peers, due)
      await allAwaited(life, name)
    })
    await unlessStopped(work, [run.signal, run.strays])
    await atEnd()
    outcome = 'done'
  } catch (error) {
    // Where the role has ended its other tasks have not: those that were begun are seen to their end.
    life.end()
    await life.tasks.settled()
    await atEnd().catch(() => undefined)
    if (run.signal.aborted) {
      outcome = 'interrupted'
      throw run.signal.reason
    }
    if (run.strays.aborted && error === run.strays.reason) tellStray(run, name, error)
    if (!reported.has(error)) reportFailure(run, role, null, error)
    throw asFailure(error, { where: { role: name }, cwd: run.cwd })
  } finally {
    life.end()
    const failed = [...hosts, ...others.map(({ host }) => host.name)].filter((host) => fate.failed.has(host))
    run.emit({
      type: 'role_end',
      role: name,
      outcome,
      ...(failed.length === 0 ? {} : { failed }),
      milliseconds: Math.round(performance.now() - started),
    })
  }
}

function tellPlanned(run: Run, planned: DueHandlers): void {
  for (const { host, role, handler } of planned.all)
    run.emit({ type: 'note', role, host, message: `would run the handler ${handler}` })
}

function contextOf(
  run: Run,
  { name: role, directory }: PlannedRole,
  { nodes, peers }: RoleHosts<AnyVars>,
  actions: EndAction<AnyVars>[],
): RoleContext {
  return {
    nodes,
    peers,
    vars: sharedVars(role, [...nodes, ...peers]),
    check: run.check,
    warn: (message) => run.emit({ type: 'warning', role, message: String(message) }),
    source: (wanted) => run.source(wanted, directory),
    atEnd: (action) => void actions.push(action),
  }
}
