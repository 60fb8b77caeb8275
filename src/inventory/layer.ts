import type { Problems } from '../problems.ts'
import type { LocatedMap } from '../yaml/located.ts'
import type { Var } from './inventory.ts'
import { isMeaningless, refusedNames, settingNames } from './setting_names.ts'
import type { Setting } from './setting_names.ts'
import { varOf } from './var.ts'

/** A connection setting as it was written, under whichever of its names. */
export interface WrittenSetting extends Var {
  readonly name: string
  /** Relative paths start here. */
  readonly directory: string
}

/** What one map of one file says for a group or a host. */
export interface Layer {
  readonly vars: ReadonlyMap<string, Var>
  readonly settings: ReadonlyMap<Setting, WrittenSetting>
}

export interface LayerContext {
  /** For people: `group_vars/cluster.yml`. */
  readonly source: string
  readonly directory: string
  readonly problems: Problems
}

/** Splits a map of vars into connection settings and vars for roles. */
export function layerOf(map: LocatedMap, { source, directory, problems }: LayerContext): Layer {
  const vars = new Map<string, Var>()
  const settings = new Map<Setting, WrittenSetting>()
  for (const [name, entry] of map.entries) {
    const written = varOf(entry, source)
    const setting = settingNames.get(name)
    const refused = refusedNames.get(name)?.(written.value) ?? null
    const other = setting === undefined ? undefined : settings.get(setting)
    if (refused !== null)
      problems.add('INVENTORY_INVALID', `${name} is not what bringup can do`, {
        at: written.at,
        remedy: refused,
      })
    else if (other !== undefined)
      problems.add('INVENTORY_INVALID', `${name} and ${other.name} say the same thing, both here`, {
        at: entry.key,
        remedy: `Keep one of them; the other is in line ${other.at.line}.`,
      })
    else if (setting !== undefined) settings.set(setting, { ...written, name, directory })
    else if (!isMeaningless(name) && !refusedNames.has(name)) vars.set(name, written)
  }
  return { vars, settings }
}
