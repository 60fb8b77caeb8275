import { AsyncLocalStorage } from 'node:async_hooks'
import type { ConnectOptions } from '../connection/connect.ts'
import type { BringupError } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'
import type { RunPlan } from '../playbook/playbook.ts'
import type { Redactor } from '../secret.ts'
import { connectHosts } from './connect_hosts.ts'
import { createDueHandlers } from './due_handlers.ts'
import { endEvent } from './end_event.ts'
import type { DueHandler, Emit, RunEvent } from './events.ts'
import { asFailure } from './failure.ts'
import type { HostSession } from './host_session.ts'
import { advance, startOfRun } from './progress.ts'
import { redacted } from './redacted.ts'
import type { Run } from './run.ts'
import { runPlay } from './run_play.ts'
import { listenForStrays } from './stray_errors.ts'

export interface ExecuteOptions extends ConnectOptions {
  readonly run: string
  readonly version: string
  readonly check: boolean
  readonly forks: number
  readonly signal: AbortSignal
  readonly redactor: Redactor
  readonly cwd: string
  readonly projectDirectory: string
  readonly leftDue: readonly DueHandler[]
  /** Given each event, already redacted: the journal and the reports. */
  readonly emit: Emit
}

/** Carries out a plan: connects, runs the roles, recaps. Never throws for what goes wrong on hosts. @returns exit code */
export async function execute(plan: RunPlan, options: ExecuteOptions): Promise<number> {
  const started = performance.now()
  const { cwd, signal } = options
  const hosts = hostsOf(plan)
  const progress = startOfRun([...hosts.keys()])
  let over = false
  const emit: Emit = (event) => {
    // What a role left behind may go on after the end, and is not part of the run any more.
    if (over) return
    const safe = redacted(options.redactor, event)
    advance(progress, safe)
    options.emit(safe)
  }
  const strays = listenForStrays(signal, (error) =>
    emit({ type: 'warning', message: `also: ${asFailure(error, { cwd }).message}` }),
  )
  const run: Run = { ...options, emit, strays, currentShell: new AsyncLocalStorage() }
  const left = options.check ? [] : options.leftDue
  emit(startEvent(plan, options, [...hosts.keys()], left))
  const due = createDueHandlers(emit, left)
  for (const message of plan.notes) emit({ type: 'warning', message })

  let sessions: HostSession[] = []
  let error: BringupError | undefined
  try {
    sessions = await connectHosts([...hosts.values()], { ...options, emit })
    const lost = new Set<string>()
    for (const play of plan.plays) await runPlay(run, play, sessions, { due, lost, forks: options.forks })
    strays.throwIfAborted()
  } catch (thrown) {
    error = asFailure(signal.aborted ? signal.reason : thrown, { cwd })
  }
  const end = endEvent(progress, error, due.all, Math.round(performance.now() - started))
  await Promise.allSettled(sessions.map((session) => session.close()))
  emit(end)
  over = true
  return end.exitCode
}

function hostsOf(plan: RunPlan): Map<string, Host> {
  return new Map(plan.plays.flatMap((play) => play.batches.flat()).map((host) => [host.name, host]))
}

function startEvent(
  plan: RunPlan,
  options: ExecuteOptions,
  hosts: string[],
  left: readonly DueHandler[],
): RunEvent {
  const { run, version, check } = options
  const plays = plan.plays.map((play) => ({
    name: play.name,
    hosts: play.batches.flat().map((host) => host.name),
    roles: play.roles.map((role) => role.name),
  }))
  const { playbook, inventory } = plan
  const due = left.length === 0 ? {} : { due: [...left] }
  return { type: 'run_start', run, version, playbook, inventory, check, hosts, plays, ...due }
}
