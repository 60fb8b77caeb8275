import { setTimeout as delay } from 'node:timers/promises'
import { BringupError } from '../errors.ts'
import { mayGoOn, parseAnswer } from './lock_answer.ts'
import type { LockAnswer } from './lock_answer.ts'
import { claimText } from './lock_claim.ts'
import type { Claim } from './lock_claim.ts'
import { lockedError } from './locked_error.ts'
import { endShellText, takeText } from './lock_text.ts'
import { lost } from './open_shell.ts'
import type { Pool } from './pool.ts'

interface On {
  readonly pool: Pool
  readonly host: string
}

/** How long (ms) a lock that was lost with its connection may take to be taken again. */
const PATIENCE = 5000

/** Tries once to take a host's lock for this connection; see `takeText`. @throws BringupError of the connection */
export async function takeLock(on: On, claim: Claim, options: { alone?: boolean } = {}): Promise<LockAnswer> {
  const text = takeText(claimText(claim, on.host, new Date()), options)
  return parseAnswer(await ofTheHost(on.host, on.pool.controlOwn(text)), claim, on.host)
}

/**
 * Takes the lock again after the connection was lost and made again. What runs there still is our own. Another
 * controller that only tries gives back at once what it can't use; so it is asked more than once.
 * @throws BringupError LOCKED when another run has it now
 */
export async function retakeLock(on: On, claim: Claim): Promise<void> {
  let until = Infinity
  for (;;) {
    const answer = await takeLock(on, claim, { alone: false })
    const over = performance.now() > until
    // From the first answer on: a host that goes down takes long to open a shell.
    until = Math.min(until, performance.now() + PATIENCE)
    if (answer.state === 'impossible')
      throw new BringupError('UNREACHABLE', `the lock of ${on.host} could not be taken again`, {
        host: on.host,
        seen: answer.why,
      })
    if (mayGoOn(answer)) return
    if (answer.state === 'taken' && answer.holder.token === claim.token)
      // The connection that was lost, whose end the host has not noticed.
      await ofTheHost(on.host, on.pool.control(endShellText(answer.holder.shell)))
    if (over) throw lockedError([{ node: on.host, answer }], { begun: true })
    await delay(200)
  }
}

/** What breaks such a talk is the connection. */
export async function ofTheHost<T>(host: string, talk: Promise<T>): Promise<T> {
  try {
    return await talk
  } catch (error) {
    throw error instanceof BringupError ? error : lost(host, error, false)
  }
}
