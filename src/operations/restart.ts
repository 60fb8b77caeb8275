import * as z from 'zod'
import { output } from './host_script.ts'
import { operation } from './operation.ts'
import { controlUnit, reloadSystemd } from './unit_control.ts'
import { isRunning, isStopped, readUnit, shortName, unitName } from './unit_state.ts'
import type { UnitState } from './unit_state.ts'

/** What the first look saw, for the one after: a restart is met when the unit has started since. */
export interface Memory {
  started: string | null
  reloaded: boolean
}

const params = z
  .strictObject({
    name: unitName.describe('A systemd unit; without an ending it is a service'),
    start_if_stopped: z
      .boolean()
      .default(false)
      .describe('Also start it where it does not run; else it reads what is new when it starts'),
    reload: z
      .boolean()
      .default(false)
      .describe('Have it read its configuration again where it can do that without a restart'),
  })
  .transform((want) => ({ ...want, memory: { started: null, reloaded: false } as Memory }))

export interface RestartState extends UnitState {
  /** Changes with every start. */
  readonly started: string
  readonly done: boolean
}

// The times are the kernel's since boot in microseconds, so the clock may be set meanwhile; units without processes of
// their own (oneshot, targets) have only the first.
const STARTED = `
systemctl show -p ActiveEnterTimestampMonotonic -p ExecMainStartTimestampMonotonic -p MainPID -- "$1"`

/** Restarts a unit, once per call: what a handler does. One that does not run stays stopped. */
export const restart = operation('restart', {
  params,
  subject: ({ name }) => shortName(name),

  async read(context, { name, memory }): Promise<RestartState> {
    const [unit, text] = await Promise.all([
      readUnit(context, name),
      output(context, `look at ${name}`, STARTED, [name]),
    ])
    const started = text.toString()
    const done = memory.reloaded || (memory.started !== null && memory.started !== started && isRunning(unit))
    memory.started ??= started
    return { ...unit, started, done }
  },

  plan(now, { start_if_stopped, reload }) {
    if (now.done || (isStopped(now) && !start_if_stopped)) return []
    return [{ summary: isStopped(now) ? 'start' : reload ? 'reload' : 'restart' }]
  },

  async apply(context, _changes, { name, reload, memory }, now) {
    if (now.needsReload) await reloadSystemd(context)
    const asked = reload && isRunning(now)
    await controlUnit(context, asked ? 'reload-or-restart' : 'restart', name)
    memory.reloaded = asked
  },

  after: (now): RestartState => ({ ...now, done: true }),
})
