import { AsyncLocalStorage } from 'node:async_hooks'
import type { ConnectOptions } from '../connection/connect.ts'
import { asBringupError, BringupError } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'
import type { PlannedPlay, RunPlan } from '../playbook/playbook.ts'
import type { Redactor } from '../secret.ts'
import { connectHosts } from './connect_hosts.ts'
import { createDueHandlers } from './due_handlers.ts'
import type { DueHandlers } from './due_handlers.ts'
import { reportError } from './error_report.ts'
import type { Emit, RunEvent, RunOutcome } from './events.ts'
import type { GroupFate } from './group.ts'
import type { HostSession } from './host_session.ts'
import type { DueHandler } from './journal.ts'
import { advance, startOfRun } from './progress.ts'
import type { Progress } from './progress.ts'
import type { Run } from './run.ts'
import { runRole } from './run_role.ts'

export interface ExecuteOptions extends ConnectOptions {
  readonly run: string
  readonly version: string
  readonly check: boolean
  readonly forks: number
  readonly signal: AbortSignal
  readonly redactor: Redactor
  readonly projectDirectory: string
  readonly leftDue: readonly DueHandler[]
  /** Given each event, already redacted: the journal and the reports. */
  readonly emit: Emit
}

/** Carries out a plan: connects, runs the roles, recaps. Never throws for what goes wrong on hosts. @returns exit code */
export async function execute(plan: RunPlan, options: ExecuteOptions): Promise<number> {
  const started = performance.now()
  const hosts = hostsOf(plan)
  const progress = startOfRun([...hosts.keys()])
  const emit: Emit = (event) => {
    const safe = redacted(options.redactor, event)
    advance(progress, safe)
    options.emit(safe)
  }
  const run: Run = { ...options, emit, currentShell: new AsyncLocalStorage() }
  emit(startEvent(plan, options, [...hosts.keys()]))
  for (const message of plan.notes) emit({ type: 'warning', message })

  let sessions: HostSession[] = []
  let error: BringupError | undefined
  try {
    sessions = await connectHosts([...hosts.values()], { ...options, emit })
    const due = createDueHandlers(emit, options.check ? [] : options.leftDue)
    for (const play of plan.plays) await runPlay(run, play, sessions, due, options.forks)
  } catch (thrown) {
    error = asBringupError(options.signal.aborted ? options.signal.reason : thrown)
  }
  const end = endEvent(progress, error, Math.round(performance.now() - started))
  await Promise.allSettled(sessions.map((session) => session.close()))
  emit(end)
  return end.exitCode
}

async function runPlay(
  run: Run,
  play: PlannedPlay,
  sessions: readonly HostSession[],
  due: DueHandlers,
  forks: number,
): Promise<void> {
  const wanted = play.batches.flat()
  run.emit({ type: 'play_start', play: play.name, hosts: wanted.map((host) => host.name) })
  const missing = wanted.filter((host) => !sessions.some((session) => session.host.name === host.name))
  if (missing.length > 0 && (play.anyErrorsFatal || missing.length === wanted.length))
    throw unreachable(play, missing)
  for (const batch of play.batches) {
    // One fate for the whole batch: a host that failed in one role stays out of the roles after it.
    const fate: GroupFate = { fatal: play.anyErrorsFatal, failed: new Map(), forks }
    const members = sessions.filter((session) => batch.some((host) => host.name === session.host.name))
    for (const role of play.roles) {
      const alive = members.filter((session) => !fate.failed.has(session.host.name))
      if (alive.length > 0) await runRole(run, role, alive, fate, due)
    }
  }
}

function unreachable(play: PlannedPlay, missing: readonly Host[]): BringupError {
  const names = missing.map((host) => host.name).join(', ')
  return new BringupError(
    'UNREACHABLE',
    `${names} could not be reached; nothing was changed in "${play.name}"`,
    {
      remedy: `Mend the way to ${names}, or leave it out with --limit. A play with any_errors_fatal: false goes on without.`,
    },
  )
}

function hostsOf(plan: RunPlan): Map<string, Host> {
  return new Map(plan.plays.flatMap((play) => play.batches.flat()).map((host) => [host.name, host]))
}

function startEvent(plan: RunPlan, options: ExecuteOptions, hosts: string[]): RunEvent {
  const { run, version, check } = options
  const plays = plan.plays.map((play) => ({
    name: play.name,
    hosts: play.batches.flat().map((host) => host.name),
    roles: play.roles.map((role) => role.name),
  }))
  return {
    type: 'run_start',
    run,
    version,
    playbook: plan.playbook,
    inventory: plan.inventory,
    check,
    hosts,
    plays,
  }
}

/** Pure: how the run ended, from what happened in it. */
export function endEvent(
  progress: Progress,
  error: BringupError | undefined,
  milliseconds: number,
): Extract<RunEvent, { type: 'run_end' }> {
  const outcome = outcomeOf(progress, error)
  const exitCode = error?.exitCode ?? { done: 0, failed: 2, unreachable: 4, interrupted: 130 }[outcome]
  return {
    type: 'run_end',
    outcome,
    exitCode,
    milliseconds,
    recap: progress.recap,
    ...(outcome === 'done' || progress.role === null
      ? {}
      : { stoppedAt: { role: progress.role, running: [...progress.running.values()] } }),
    ...(error === undefined ? {} : { error: reportError(error) }),
  }
}

function outcomeOf(progress: Progress, error: BringupError | undefined): RunOutcome {
  const hosts = Object.values(progress.recap)
  if (error?.code === 'INTERRUPTED') return 'interrupted'
  if (error?.exitCode === 4) return 'unreachable'
  if (error !== undefined || hosts.some((host) => host.failed > 0)) return 'failed'
  return hosts.some((host) => host.unreachable) ? 'unreachable' : 'done'
}

/** Every string of an event, with known secrets masked: the one place through which all that is shown or kept goes. */
export function redacted(redactor: Redactor, event: RunEvent): RunEvent {
  return JSON.parse(JSON.stringify(event), (_, value: unknown) =>
    typeof value === 'string' ? redactor.redact(value) : value,
  ) as RunEvent
}
