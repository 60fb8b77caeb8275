import { setTimeout as delay } from 'node:timers/promises'
import { asBringupError } from '../errors.ts'
import type { LockAnswer } from '../connection/lock_answer.ts'
import { mayGoOn } from '../connection/lock_answer.ts'
import type { Claim } from '../connection/lock_claim.ts'
import { lockedError, refusalText } from '../connection/locked_error.ts'
import type { Refusal } from '../connection/locked_error.ts'
import type { Seconds } from '../connection/remote.ts'
import { gatherFacts } from '../facts/gather.ts'
import type { Emit } from './events.ts'
import { settleAll } from './group.ts'
import type { HostSession } from './host_session.ts'
import { unlessStopped } from './role_end.ts'

/** Pauses (ms) between two tries; of any length between, so that two controllers do not meet again and again. */
const PAUSE = { shortest: 300, longest: 1000 }

export interface LockOptions {
  readonly claim: Claim
  /** How long to wait for other runs; 0 not at all. */
  readonly wait: Seconds
  readonly forks: number
  readonly signal: AbortSignal
  readonly emit: Emit
  /** How far the run that had a host goes before this one where the host boots again; it tries to connect every 5 s. */
  readonly headStart?: Seconds
}

/** A connected host that was asked once to be had alone. */
export type Lockable = Pick<HostSession, 'host' | 'remote' | 'lock'>

/** As {@link lockAll}; where that had to wait, what is known of the hosts is gathered again. */
export async function lockNodes(sessions: readonly HostSession[], options: LockOptions): Promise<void> {
  if (!(await lockAll(sessions, options))) return
  // What was read while another run was changing it.
  await settled(sessions, options.forks, async (session) => {
    session.facts = await gatherFacts(session.remote)
    session.egress?.allow(session.facts.packageSources)
  })
}

/**
 * Sees to it that this run is alone on its hosts, each of which was asked once when it was connected: all of them, or
 * none while it waits, so that two runs that want the same hosts never wait for each other.
 * @returns whether it had to wait: what was read before may have changed
 * @throws BringupError LOCKED when the time is over, INTERRUPTED
 */
export async function lockAll(sessions: readonly Lockable[], options: LockOptions): Promise<boolean> {
  const { wait, signal, emit } = options
  const until = performance.now() + wait * 1000
  const answers: Answers = new Map(sessions.map((session) => [session, session.lock]))
  const told = new Set<string>()
  const waited = refusalsIn(answers).length > 0
  for (let refusals = refusalsIn(answers); refusals.length > 0; refusals = refusalsIn(answers)) {
    await unlessStopped(giveBack(answers), [signal])
    for (const { node, answer } of refusals) {
      // Once for each holder; what a busy host runs may be another command each second.
      const key = JSON.stringify([node, answer.state === 'taken' ? answer.holder.token : answer.state])
      if (told.has(key)) continue
      told.add(key)
      const text = refusalText(answer)
      emit({
        type: 'note',
        host: node,
        message: wait === 0 ? text : `${text}; waiting for it, up to ${wait} s`,
      })
    }
    const left = until - performance.now()
    if (left <= 0) throw lockedError(refusals, { begun: false })
    await delay(Math.min(left, pause()), null, { signal })
    await unlessStopped(tryAgain(answers, { ...options, until }), [signal])
  }
  tellOddities(answers, emit)
  for (const { remote } of sessions) remote.begin()
  return waited
}

/** Null for what was given back, and is to be asked for again. */
type Answers = Map<Lockable, LockAnswer | null>

const pause = (): number => PAUSE.shortest + Math.random() * (PAUSE.longest - PAUSE.shortest)

function refusalsIn(answers: Answers): Refusal[] {
  return [...answers].flatMap(([session, answer]) =>
    answer === null || mayGoOn(answer) ? [] : [{ node: session.host.name, answer }],
  )
}

async function giveBack(answers: Answers): Promise<void> {
  const held = [...answers].filter(([, answer]) => answer !== null && mayGoOn(answer))
  for (const [session] of held) answers.set(session, null)
  // One whose connection is lost has lost its lock, too.
  await Promise.allSettled(held.map(([{ remote }]) => remote.unlock()))
}

/** First those that were refused: nobody is kept from the others for nothing. */
async function tryAgain(answers: Answers, options: LockOptions & { until: number }): Promise<void> {
  const groups = Map.groupBy(answers.keys(), (session) => answers.get(session) !== null)
  for (const group of [groups.get(true) ?? [], groups.get(false) ?? []]) {
    await settled(group, options.forks, async (session) => {
      answers.set(session, await ask(session, options))
    })
    if (refusalsIn(answers).length > 0) return
  }
}

async function ask(
  { remote }: Lockable,
  { claim, signal, until, headStart = 10 }: LockOptions & { until: number },
): Promise<LockAnswer> {
  for (;;) {
    try {
      return await remote.lock(claim)
    } catch (error) {
      // The run that we wait for may boot the host again, which lets us in for a moment more while it goes down.
      if (!GONE.has(asBringupError(error).code) || performance.now() > until) throw error
      await remote.reconnect({ timeout: Math.max(1, (until - performance.now()) / 1000), signal })
      // The lock went with the boot. Who had it works on, and comes back for it.
      await delay(headStart * 1000, null, { signal })
    }
  }
}

const GONE: ReadonlySet<string> = new Set(['CONNECTION_LOST', 'UNREACHABLE'])

/** Runs `work` over sessions. @throws the first error, when all have settled */
async function settled<S extends Lockable>(
  sessions: readonly S[],
  forks: number,
  work: (session: S) => Promise<void>,
): Promise<void> {
  const results = await settleAll(sessions, forks, work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

function tellOddities(answers: Answers, emit: Emit): void {
  const same = new Map<string, string[]>()
  const without = new Map<string, string[]>()
  const add = (to: Map<string, string[]>, key: string, host: string): void =>
    void to.set(key, [...(to.get(key) ?? []), host])
  for (const [{ host }, answer] of answers) {
    if (answer?.state === 'shared') add(same, answer.node, host.name)
    if (answer?.state === 'impossible') add(without, answer.why, host.name)
  }
  for (const [first, others] of same)
    emit({ type: 'warning', message: `these are names of one machine: ${[first, ...others].join(', ')}` })
  for (const [why, names] of without)
    emit({
      type: 'warning',
      message: `nothing keeps another run off ${names.join(', ')} while this one works: ${why}`,
    })
}
