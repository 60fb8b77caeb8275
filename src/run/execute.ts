import { AsyncLocalStorage } from 'node:async_hooks'
import type { ConnectOptions } from '../connection/connect.ts'
import { ownClaim } from '../connection/lock_claim.ts'
import type { Seconds } from '../connection/remote.ts'
import type { Confirm } from '../connection/ask.ts'
import type { BringupError } from '../errors.ts'
import type { Host } from '../inventory/inventory.ts'
import type { PlannedPlay, RunPlan } from '../playbook/playbook.ts'
import type { Redactor } from '../secret.ts'
import { createSources } from '../sources/create_sources.ts'
import { connectHosts } from './connect_hosts.ts'
import { createDueHandlers } from './due_handlers.ts'
import { endEvent } from './end_event.ts'
import type { DueHandler, Emit, PlayOutline, Resumption, RunEvent } from './events.ts'
import { asFailure } from './failure.ts'
import type { HostSession } from './host_session.ts'
import { lockNodes } from './lock_nodes.ts'
import { advance, startOfRun } from './progress.ts'
import { redacted } from './redacted.ts'
import type { Run } from './run.ts'
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
  /** What the run before left due; asked when this one has its hosts for itself. */
  readonly leftDue: () => readonly DueHandler[]
  /** How long to wait for other runs to leave the hosts. */
  readonly wait: Seconds
  /** The plan as the journal tells it. */
  readonly outline: PlayOutline[]
  /** The role that `--start-at` named. */
  readonly startAt: string | undefined
  /** Where to begin, with an earlier run to continue. */
  readonly resumes: Resumption | undefined
  /** Asks what only a person can answer, as whether a source is the right one. */
  readonly confirm: Confirm
  /** Given each event, already redacted: the journal and the reports. */
  readonly emit: Emit
}

/** Carries out a plan: connects, runs the roles, recaps. Never throws for what goes wrong on hosts. @returns exit code */
export async function execute(plan: RunPlan, options: ExecuteOptions): Promise<number> {
  const started = performance.now()
  const { cwd, signal } = options
  const hosts = hostsOf(plan.plays)
  const resumes = inThisRun(options)
  const progress = startOfRun([...hosts.keys()], resumes?.recap)
  let over = false
  const told = new Set<string>()
  const emit: Emit = (event) => {
    // What a role left behind may go on after the end, and is not part of the run any more.
    if (over) return
    // What several roles say of a host is worth one line.
    if (event.type === 'note') {
      const note = JSON.stringify([event.host, event.message])
      if (told.has(note)) return
      told.add(note)
    }
    const safe = redacted(options.redactor, event)
    advance(progress, safe)
    options.emit(safe)
  }
  const strays = listenForStrays(signal, (error) =>
    emit({ type: 'warning', message: `also: ${asFailure(error, { cwd }).message}` }),
  )
  const source = createSources({
    ...options,
    lockFile: plan.sourcesLock,
    progress: (message) => emit({ type: 'progress', message }),
    note: (message) => emit({ type: 'note', message }),
  })
  const run: Run = { ...options, emit, strays, source, currentShell: new AsyncLocalStorage() }
  emit(startEvent(plan, options, [...hosts.keys()], resumes))
  let due = createDueHandlers(emit, [])
  for (const message of plan.notes) emit({ type: 'warning', message })

  let sessions: HostSession[] = []
  let error: BringupError | undefined
  try {
    const from = resumes?.step ?? 0
    const ahead = withFirstSteps(plan).filter(({ afterLast }) => afterLast > from)
    const needed = [...hostsOf(ahead.map(({ play }) => play)).values()]
    const claim = options.check ? undefined : ownClaim({ run: options.run, playbook: plan.playbook })
    // The larger half of the engine, with all operations, is loaded while the hosts answer.
    const [connected, { runPlay }] = await Promise.all([
      connectHosts(needed, { ...options, emit, claim }),
      import('./run_play.ts'),
    ])
    sessions = connected
    if (claim !== undefined) {
      await lockNodes(sessions, { ...options, emit, claim })
      const left = options.leftDue()
      due = createDueHandlers(emit, left)
      emit({ type: 'begin', ...(left.length === 0 ? {} : { due: [...left] }) })
    }
    const state = { due, lost: new Set<string>(), forks: options.forks, from }
    for (const { play, firstStep } of ahead) await runPlay(run, play, sessions, { ...state, firstStep })
    strays.throwIfAborted()
    for (const message of unusedConsents(sessions)) emit({ type: 'warning', message })
  } catch (thrown) {
    error = asFailure(signal.aborted ? signal.reason : thrown, { cwd })
  }
  const end = endEvent(progress, error, due.all, Math.round(performance.now() - started))
  await Promise.allSettled(sessions.map((session) => session.close()))
  emit(end)
  over = true
  return end.exitCode
}

function hostsOf(plays: readonly PlannedPlay[]): Map<string, Host> {
  return new Map(
    plays.flatMap(({ batches, beside }) => [...batches.flat(), ...beside]).map((host) => [host.name, host]),
  )
}

/** A consent that stays where it is not needed waits for the disk that is put there next. */
const unusedConsents = (sessions: readonly HostSession[]): string[] =>
  sessions.flatMap(({ host, overwrites }) =>
    overwrites.unused.map(
      ({ device, from }) =>
        `the consent ${from} was not needed: nothing on ${device} of ${host.name} had to be destroyed; take it out`,
    ),
  )

/** What a check would change does not add up with what a run has changed. */
function inThisRun({ resumes, check }: ExecuteOptions): Resumption | undefined {
  if (resumes === undefined || !check) return resumes
  const { recap: _, ...rest } = resumes
  return rest
}

function withFirstSteps({ plays }: RunPlan): { play: PlannedPlay; firstStep: number; afterLast: number }[] {
  let next = 0
  return plays.map((play) => {
    const firstStep = next
    next += play.batches.length * play.roles.length
    return { play, firstStep, afterLast: next }
  })
}

function startEvent(
  { playbook, inventory }: RunPlan,
  { run, version, check, startAt, outline: plays }: ExecuteOptions,
  hosts: string[],
  resumes: Resumption | undefined,
): RunEvent {
  return {
    type: 'run_start',
    run,
    version,
    playbook,
    inventory,
    check,
    hosts,
    plays,
    ...(startAt === undefined ? {} : { startAt }),
    ...(resumes === undefined ? {} : { resumes }),
  }
}
