import { BringupError } from '../errors.ts'
import type { PlannedRole } from '../playbook/playbook.ts'
import type { InspectContext } from '../role.ts'
import { withoutRootShell } from '../shell/guard.ts'
import { asFailure } from './failure.ts'
import type { GroupFate } from './group.ts'
import type { HostSession } from './host_session.ts'
import { createInspectedNode } from './inspected_node.ts'
import type { InspectedNode } from './inspected_node.ts'
import { createNodes } from './nodes.ts'
import { refusedOverwrites } from './refused_overwrites.ts'
import type { HostOverwrite } from './refused_overwrites.ts'
import { unlessStopped } from './role_end.ts'
import type { Run } from './run.ts'
import { sharedVars } from './shared_vars.ts'
import type { AnyVars } from './shared_vars.ts'

/** A role that is going to run, on these hosts. */
export interface AheadRole {
  readonly role: PlannedRole
  readonly sessions: readonly HostSession[]
  /** Hosts that it may look at beside them; see `peers` of a role. */
  readonly beside: readonly HostSession[]
}

/**
 * Has the roles of a play look at what they would write to, on all hosts, before the first of them changes anything.
 * @throws BringupError DESTROY_NEEDS_CONSENT with all that is in the way; or what kept a role from looking
 */
export async function inspectPlay(
  run: Run,
  play: string,
  ahead: readonly AheadRole[],
  forks: number,
): Promise<void> {
  const overwrites: HostOverwrite[] = []
  const failures: BringupError[] = []
  for (const one of ahead)
    failures.push(
      ...(await inspectRole(run, one, {
        forks,
        found: (overwrite) => overwrites.push(overwrite),
      })),
    )
  run.signal.throwIfAborted()
  const refused = refusedOverwrites(overwrites, `nothing was changed in "${play}"`)
  const [first, ...others] = refused === undefined ? failures : [refused, ...failures]
  if (first === undefined) return
  for (const { message } of others) run.emit({ type: 'warning', message: `also: ${message}` })
  throw first
}

/** Looks on all hosts, also where one of them fails. @returns what failed */
async function inspectRole(
  run: Run,
  { role, sessions, beside }: AheadRole,
  { forks, found }: { forks: number; found: (overwrite: HostOverwrite) => void },
): Promise<BringupError[]> {
  const { name, definition } = role
  const { inspect } = definition
  if (inspect === undefined || sessions.length === 0) return []
  const fate: GroupFate = { fatal: false, failed: new Map(), forks }
  const looked = (session: HostSession): InspectedNode<AnyVars> =>
    createInspectedNode<AnyVars>(session, role.vars.get(session.host.name) ?? {}, {
      run,
      role: name,
      roleDirectory: role.directory,
      found,
    })
  const members = sessions.map(looked)
  const failures = new Map<unknown, BringupError>()
  const failed = (error: unknown, where: { host?: string }): void => {
    if (!failures.has(error)) failures.set(error, lookingFailed(run, name, error, where))
  }
  const group = (some: readonly InspectedNode<AnyVars>[]): InspectContext<AnyVars>['nodes'] =>
    createNodes(some, fate, (node, error) => failed(error, { host: node.name }))
  const context = { nodes: group(members), peers: group(beside.map(looked)), vars: sharedVars(name, members) }
  try {
    const work = withoutRootShell(async () => inspect(context))
    await unlessStopped(work, [run.signal, run.strays])
  } catch (error) {
    run.signal.throwIfAborted()
    failed(error, {})
  }
  return [...failures.values()]
}

/** It is told at the end of the run: the role has not begun yet. */
function lookingFailed(run: Run, role: string, error: unknown, where: { host?: string }): BringupError {
  const { code, message, details } = asFailure(error, { where, cwd: run.cwd })
  const { role: _role, task: _task, ...rest } = details
  const on = rest.host === undefined ? '' : ` on ${rest.host}`
  return new BringupError(code, `${role} could not look ahead${on}: ${message}`, { ...rest, cause: error })
}
