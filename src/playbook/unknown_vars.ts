import type { Host, Vars } from '../inventory/inventory.ts'
import { settingNames } from '../inventory/setting_names.ts'
import { didYouMean, nearest } from '../nearest.ts'
import type { Problems } from '../problems.ts'

/** Adds a problem for each var that nothing reads; for vars of plays, role entries and the command line. @param noneReads says so, up to the name */
export function refuseUnknownVars(
  vars: Vars,
  known: ReadonlySet<string>,
  noneReads: string,
  problems: Problems,
): void {
  for (const [name, { at, nameAt }] of vars) {
    if (known.has(name)) continue
    const setting = settingNames.has(name)
    problems.add('VAR_UNKNOWN', `${noneReads} "${name}"${setting ? '' : didYouMean(name, known)}`, {
      at: nameAt ?? at,
      remedy: setting
        ? 'This is a connection setting: it belongs into the inventory.'
        : known.size === 0
          ? 'Take it out: it has no vars at all.'
          : `Correct or remove it; known: ${some([...known])}.`,
    })
  }
}

const some = (names: readonly string[]): string =>
  names.length <= 15 ? names.join(', ') : `${names.slice(0, 15).join(', ')}, …`

/**
 * Finds vars of the inventory that are probably mistyped. Unused names are usual there (other playbooks read them); one
 * is wrong only if it misses, by a letter or two, a name that a role of the run reads and that is not set for that host
 * itself, and if no other role knows it.
 * @param others the vars that all other roles know; asked for only where there is a suspicion. Null is no verdict: the
 * name may be of a role that could not be loaded
 */
export async function refuseMistypedVars(
  hosts: readonly Host[],
  read: ReadonlySet<string>,
  others: () => Promise<ReadonlySet<string> | null>,
  problems: Problems,
): Promise<void> {
  const suspects = new Map<string, { meant: string; hosts: Host[] }>()
  const meantBy = new Map<string, string | null>()
  for (const host of hosts)
    for (const name of host.vars.keys()) {
      if (!meantBy.has(name)) meantBy.set(name, read.has(name) ? null : nearest(name, read))
      const meant = meantBy.get(name) ?? null
      if (meant === null || host.vars.has(meant)) continue
      const suspect = suspects.get(name) ?? { meant, hosts: [] }
      suspects.set(name, suspect)
      suspect.hosts.push(host)
    }
  if (suspects.size === 0) return
  const elsewhere = await others()
  if (elsewhere === null) return
  for (const [name, suspect] of suspects) {
    if (elsewhere.has(name)) continue
    const places = Map.groupBy(suspect.hosts, (host) => host.vars.get(name)!)
    for (const [{ at, nameAt }, mistyped] of places)
      problems.addFor(
        mistyped.map((host) => host.name),
        'VAR_UNKNOWN',
        () => `no role reads "${name}" (did you mean "${suspect.meant}"?)`,
        {
          at: nameAt ?? at,
          remedy: `Write ${suspect.meant}, or choose a name that can not be mistaken for it.`,
        },
      )
  }
}
