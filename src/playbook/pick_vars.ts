import type { Host, Var, Vars } from '../inventory/inventory.ts'
import type { LoadedRole } from './load_role.ts'
import type { Play, RoleEntry } from './playbook.ts'

/** The vars of one role for hosts that have exactly the same ones. */
export interface Reading {
  readonly hosts: readonly Host[]
  /** Those that the role reads, as they were set. */
  readonly given: ReadonlyMap<string, Var>
}

/**
 * Picks what a role reads out of all that is set for each host: inventory < play < role entry < command line. Hosts
 * with the same vars come together, so that they are checked, and complained about, once.
 */
export function pickVars(
  role: LoadedRole,
  hosts: readonly Host[],
  layers: { readonly play: Play; readonly entry: RoleEntry; readonly extra: Vars },
): Reading[] {
  const readings = new Map<string, { hosts: Host[]; given: Map<string, Var> }>()
  const numbers = new Map<Var, number>()
  const numberOf = (value: Var | undefined): number => {
    if (value === undefined) return -1
    if (!numbers.has(value)) numbers.set(value, numbers.size)
    return numbers.get(value)!
  }
  const above = [layers.play.vars, layers.entry.vars, layers.extra]
  for (const host of hosts) {
    const given = new Map<string, Var>()
    for (const name of role.schemas.keys()) {
      const value =
        [...above]
          .toReversed()
          .find((vars) => vars.has(name))
          ?.get(name) ?? host.vars.get(name)
      if (value !== undefined) given.set(name, value)
    }
    const key = [...role.schemas.keys()].map((name) => numberOf(given.get(name))).join()
    const same = readings.get(key)
    if (same === undefined) readings.set(key, { hosts: [host], given })
    else same.hosts.push(host)
  }
  return [...readings.values()]
}
