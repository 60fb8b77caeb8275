import { BringupError } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'
import type { PlannedPlay } from '../playbook/playbook.ts'
import type { DueHandlers } from './due_handlers.ts'
import type { GroupFate } from './group.ts'
import type { HostSession } from './host_session.ts'
import { inspectPlay } from './inspect_play.ts'
import type { Run } from './run.ts'
import { runRole } from './run_role.ts'

export interface PlayState {
  readonly due: DueHandlers
  /** Hosts that failed in an earlier play, and stay out of this one. */
  readonly lost: Set<string>
  /** How many hosts work at once. */
  readonly forks: number
  /** The number of the play's first step in the run. */
  readonly firstStep: number
  /** Steps before this one are done, in the run that this one resumes. */
  readonly from: number
}

/** Runs the roles of one play, batch after batch. @throws BringupError that ended it for all its hosts */
export async function runPlay(
  run: Run,
  play: PlannedPlay,
  sessions: readonly HostSession[],
  { due, lost, forks, firstStep, from }: PlayState,
): Promise<void> {
  const wanted = play.batches.flat().map((host) => host.name)
  run.signal.throwIfAborted()
  run.emit({ type: 'play_start', play: play.name, hosts: wanted })
  const usable = sessions.filter(({ host }) => !lost.has(host.name))
  const missing = wanted.filter((name) => !usable.some(({ host }) => host.name === name))
  if (missing.length > 0 && (play.anyErrorsFatal || missing.length === wanted.length))
    throw withoutHosts(play, missing, lost)
  const away = play.beside
    .map((host) => host.name)
    .filter((name) => !usable.some(({ host }) => host.name === name))
  if (away.length > 0) throw withoutPeers(play, away)
  const stepOf = (batch: number, position: number): number => firstStep + batch * play.roles.length + position
  const membersOf = (batch: readonly Host[]): HostSession[] =>
    usable.filter((session) => batch.some((host) => host.name === session.host.name))
  const all = membersOf([...play.batches.flat(), ...play.beside])
  const besideOf = (members: readonly HostSession[]): HostSession[] =>
    all.filter((session) => !members.includes(session) && !lost.has(session.host.name))
  const ahead = play.roles.map((role, position) => {
    const sessions = play.batches.flatMap((batch, index) =>
      stepOf(index, position) < from ? [] : membersOf(batch),
    )
    return { role, sessions, beside: role.definition.peers === true ? besideOf(sessions) : [] }
  })
  await inspectPlay(run, play.name, ahead, forks)
  for (const [index, batch] of play.batches.entries()) {
    // One fate for the whole batch: a host that failed in one role stays out of the roles after it.
    const fate: GroupFate = { fatal: play.anyErrorsFatal, failed: new Map(), forks }
    const members = membersOf(batch)
    for (const [position, role] of play.roles.entries()) {
      const step = stepOf(index, position)
      if (step < from) continue
      run.strays.throwIfAborted()
      const alive = members.filter((session) => !fate.failed.has(session.host.name))
      if (alive.length > 0)
        await runRole(run, { role, step }, { sessions: alive, beside: besideOf(members) }, fate, due)
    }
    for (const name of fate.failed.keys()) lost.add(name)
  }
}

/** What a role is to look at before it acts on others must be there, whatever else of the play may fail. */
function withoutPeers({ name, roles }: PlannedPlay, away: readonly string[]): BringupError {
  const names = away.join(', ')
  const role = roles.find(({ definition }) => definition.peers === true)?.name ?? ''
  return new BringupError('UNREACHABLE', `${names} could not be reached; nothing was changed in "${name}"`, {
    expected: `all other hosts of the play, which ${role} looks at beside those of --limit`,
    remedy: `Mend the way to ${names}. A host that is no more is taken out of the inventory.`,
  })
}

function withoutHosts(
  play: PlannedPlay,
  missing: readonly string[],
  lost: ReadonlySet<string>,
): BringupError {
  const names = missing.join(', ')
  const nothing = `nothing was changed in "${play.name}"`
  const goOn = 'A play with any_errors_fatal: false goes on without.'
  return missing.every((name) => lost.has(name))
    ? new BringupError('TASK_FAILED', `${names} failed in an earlier play; ${nothing}`, {
        remedy: `Mend what failed there, or leave ${names} out with --limit. ${goOn}`,
      })
    : new BringupError('UNREACHABLE', `${names} could not be reached; ${nothing}`, {
        remedy: `Mend the way to ${names}, or leave it out with --limit. ${goOn}`,
      })
}
