import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod'
import { asBringupError, BringupError } from '../errors.ts'
import { operation } from './operation.ts'
import type { ApplyContext } from './operation.ts'
import { lookForReboot } from './reboot_needed.ts'
import { UPDATES_KEY } from './upgrade_state.ts'
import type { Updates } from './upgrade_state.ts'

const params = z
  .strictObject({
    when: z
      .enum(['needed', 'always'])
      .default('needed')
      .describe('`needed`: the system asks for it, or a newer kernel is installed than the one that runs'),
    timeout: z.number().positive().default(900).describe('Seconds until it must be back'),
  })
  .transform((want) => ({ ...want, memory: { bootId: null as string | null } }))

export interface RebootState {
  readonly bootId: string
  /** Why one is needed; empty when none is. */
  readonly reasons: readonly string[]
  /** True when it has booted since the first look. */
  readonly rebooted: boolean
}

/** Of sh. logind, which is to answer, is stopped with all else, and may be gone before it has. */
export const REBOOT = 'systemctl reboot || reboot || [ "$(systemctl is-system-running)" = stopping ]'

/** Boots the host again where that is needed (or once, with `always`), and waits until it is back with its services. */
export const reboot = operation('reboot', {
  params,
  outdatesFacts: true,
  subject: ({ when }) => (when === 'always' ? 'now' : 'where needed'),

  async read(context, { memory }): Promise<RebootState> {
    const { bootId, reasons } = await lookForReboot(context.$.read)
    memory.bootId ??= bootId
    const planned = context.planned<Updates>(UPDATES_KEY)?.kernelPlanned === true
    const all = planned ? [...reasons, 'a newer kernel (planned)'] : reasons
    return { bootId, reasons: all, rebooted: bootId !== memory.bootId }
  },

  plan({ reasons, rebooted }, { when }) {
    if (when === 'always') return rebooted ? [] : [{ summary: 'reboot' }]
    return reasons.length === 0 ? [] : [{ summary: `reboot: ${reasons.join('; ')}` }]
  },

  async apply(context, _changes, { timeout }, now) {
    const deadline = performance.now() + timeout * 1000
    // It only starts a job; the machine may be gone all the same before the answer is here.
    await context.$`sh -c ${REBOOT}`.then(undefined, ifLost)
    const bootId = await newBootId(context, now.bootId, deadline)
    if (bootId === null) throw notBack(context.host, timeout)
    await untilStarted(context, deadline)
  },

  after: (now): RebootState => ({ ...now, reasons: [], rebooted: true }),
})

/** A lost connection leaves the outcome unknown, which here is as expected; anything else is an error. */
function ifLost(error: unknown): void {
  if (asBringupError(error).code !== 'CONNECTION_LOST') throw error
}

/** Connects again and again until the boot id is another; the old system may still answer while it shuts down. */
async function newBootId(context: ApplyContext, old: string, deadline: number): Promise<string | null> {
  const { remote, signal } = context
  while (performance.now() < deadline) {
    await delay(1000, undefined, { signal })
    try {
      await remote.reconnect({ timeout: (deadline - performance.now()) / 1000, signal })
      const { stdout } = await remote.run('cat /proc/sys/kernel/random/boot_id', { timeout: 10 })
      const bootId = stdout.toString().trim()
      if (bootId !== '' && bootId !== old) return bootId
    } catch (error) {
      signal.throwIfAborted()
      if (!['CONNECTION_LOST', 'TIMEOUT', 'UNREACHABLE'].includes(asBringupError(error).code)) throw error
    }
  }
  return null
}

/** Logins are possible before all services run. `degraded` is started too: a unit failed, which is not ours to judge. */
async function untilStarted(context: ApplyContext, deadline: number): Promise<void> {
  while (performance.now() < deadline) {
    const { stdout } = await context.remote.run('systemctl is-system-running')
    if (!/^(initializing|starting|offline|unknown)?$/.test(stdout.toString().trim())) return
    await delay(500, undefined, { signal: context.signal })
  }
}

const notBack = (host: string, timeout: number): BringupError =>
  new BringupError('TIMEOUT', `${host} is not back ${timeout} s after its reboot`, {
    remedy: 'Look at its console; then run again, which goes on from here.',
  })
