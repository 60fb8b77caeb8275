import * as z from 'zod'
import { output } from './host_script.ts'
import type { ReadContext } from './operation.ts'
import { anyPlanned, PACKAGES_KEY } from './package_state.ts'
import type { Packages } from './package_state.ts'

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

// systemd of EL 7 takes one property per option. Units made from SysV scripts have no state of their own: is-enabled asks
// the tool that manages those.
const SCRIPT = `
seen=$(systemctl show -p LoadState -p ActiveState -p UnitFileState -p NeedDaemonReload -- "$1") || exit
printf '%s\\n' "$seen"
case $seen in
  *UnitFileState=bad* | *UnitFileState=generated*) printf 'UnitFileState=%s\\n' "$(systemctl is-enabled -- "$1" 2>/dev/null)" ;;
esac
exit 0`

/** @throws BringupError COMMAND_FAILED where systemd does not run or does not answer */
export async function readUnit(context: ReadContext, unit: string): Promise<UnitState> {
  const text = (await output(context, `look at ${unit}`, SCRIPT, [unit])).toString()
  const properties = new Map(
    text.split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const load = properties.get('LoadState') ?? 'not-found'
  return {
    load,
    active: properties.get('ActiveState') ?? 'inactive',
    enabled: properties.get('UnitFileState') ?? '',
    needsReload: properties.get('NeedDaemonReload') === 'yes',
    arrives: load === 'not-found' && anyPlanned(context.planned<Packages>(PACKAGES_KEY)),
  }
}

export const isRunning = ({ active }: UnitState): boolean => active === 'active' || active === 'reloading'
export const isStopped = ({ active }: UnitState): boolean => active === 'inactive' || active === 'failed'
export const isMasked = ({ load, enabled }: UnitState): boolean =>
  load === 'masked' || enabled.startsWith('masked')
/** An alias is a second name of a unit that is enabled by it. */
export const isEnabled = (unit: UnitState): boolean =>
  !isMasked(unit) && (unit.enabled === 'enabled' || unit.enabled === 'alias')
