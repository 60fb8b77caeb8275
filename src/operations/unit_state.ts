import * as z from 'zod'
import { asBringupError } from '../errors.ts'
import { output, runScript } from './host_script.ts'
import type { ReadContext } from './operation.ts'
import { anyPlanned, PACKAGES_KEY } from './package_state.ts'
import type { Packages } from './package_state.ts'
import type { Question } from './question.ts'

const SUFFIX = /\.(service|socket|timer|path|target|mount|automount|swap|slice|scope|device)$/

/** The name of a systemd unit; without an ending it is a service. */
export const unitName = z
  .string()
  .regex(/^[A-Za-z0-9:_.@\\-]+$/, 'must be the name of a systemd unit, as "pacemaker" or "apt-daily.timer"')
  .transform((name) => (SUFFIX.test(name) ? name : `${name}.service`))

/** A unit's name as people say it: services without their ending. */
export const shortName = (unit: string): string => unit.replace(/\.service$/, '')

export interface UnitState {
  /** `loaded`, `not-found`, `masked`, `bad-setting`, … */
  readonly load: string
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading` */
  readonly active: string
  /** `enabled`, `disabled`, `static`, `masked`, …; empty where there is no unit file. */
  readonly enabled: string
  /** True when its files have changed since systemd read them. */
  readonly needsReload: boolean
  /** True in check mode for a unit that is not there, where a package is planned that may bring it. */
  readonly arrives: boolean
}

export const unitKey = (unit: string): string => `unit:${unit}`

// systemd of EL 7 takes one property per option.
const SCRIPT = 'systemctl show -p LoadState -p ActiveState -p UnitFileState -p NeedDaemonReload -- "$@"'

type Properties = ReadonlyMap<string, string>

/** Units are shown one after the other, with an empty line between. */
const UNITS: Question<string, Properties> = {
  title: (unit) => `look at ${unit}`,
  async ask(remote, units) {
    const shown = (some: readonly string[]): Promise<Properties[]> =>
      output({ remote }, `look at ${some.join(', ')}`, SCRIPT, some).then(propertiesOf)
    const all = await shown(units)
    if (all.length === units.length) return all
    // One that can't be shown is not to hide the others.
    return Promise.all(
      units.map((unit) => shown([unit]).then(([one]) => one ?? new Map<string, string>(), asBringupError)),
    )
  },
}

function propertiesOf(text: Buffer): Properties[] {
  const blocks = text.toString().split(/\n\n+/)
  return blocks
    .filter((block) => block.trim() !== '')
    .map(
      (block) =>
        new Map(
          block
            .split('\n')
            .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        ),
    )
}

/** @throws BringupError COMMAND_FAILED where systemd does not run or does not answer */
export async function readUnit(context: ReadContext, unit: string): Promise<UnitState> {
  const properties = await context.ask(UNITS, unit)
  const load = properties.get('LoadState') ?? 'not-found'
  return {
    load,
    active: properties.get('ActiveState') ?? 'inactive',
    enabled: await enabledState(context, unit, properties.get('UnitFileState') ?? ''),
    needsReload: properties.get('NeedDaemonReload') === 'yes',
    arrives: load === 'not-found' && anyPlanned(context.planned<Packages>(PACKAGES_KEY)),
  }
}

/** Units made from SysV scripts have no state of their own: is-enabled asks the tool that manages those. */
async function enabledState(context: ReadContext, unit: string, state: string): Promise<string> {
  if (state !== 'bad' && state !== 'generated') return state
  const { stdout } = await runScript(context, 'systemctl is-enabled -- "$1"', [unit])
  return stdout.toString().trim()
}

export const isRunning = ({ active }: UnitState): boolean => active === 'active' || active === 'reloading'
export const isStopped = ({ active }: UnitState): boolean => active === 'inactive' || active === 'failed'
export const isMasked = ({ load, enabled }: UnitState): boolean =>
  load === 'masked' || enabled.startsWith('masked')
/** An alias is a second name of a unit that is enabled by it. */
export const isEnabled = (unit: UnitState): boolean =>
  !isMasked(unit) && (unit.enabled === 'enabled' || unit.enabled === 'alias')
