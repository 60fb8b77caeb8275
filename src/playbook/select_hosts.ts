import type { Host, Inventory } from '../inventory/inventory.ts'
import { selectHosts } from '../inventory/pattern.ts'
import type { Problems } from '../problems.ts'
import type { Play, PlanOptions } from './playbook.ts'

export interface PlayOnHosts {
  readonly play: Play
  readonly hosts: readonly Host[]
  /** Those of its hosts that `--limit` leaves out. */
  readonly beside: readonly Host[]
}

/**
 * Finds the hosts of each play, within `--limit`. A play that is left with none is skipped, with a note; that all are
 * is a problem.
 */
export function hostsOfPlays(
  plays: readonly Play[],
  inventory: Inventory,
  { limit }: PlanOptions,
  { problems, note }: { problems: Problems; note: (text: string) => void },
): PlayOnHosts[] {
  const before = problems.count
  if (inventory.hosts.size === 0) {
    problems.add('NO_HOSTS', `the inventory ${inventory.file} has no hosts`, {
      remedy: 'Write them into it: "all:", below it "hosts:", below that one line "server1:" per host.',
    })
    return []
  }
  const limited = limit === undefined ? null : selectHosts(limit, inventory)
  if (limited !== null && !Array.isArray(limited))
    problems.add(limited.unknown ? 'HOST_UNKNOWN' : 'USAGE', `--limit: ${limited.problem}`, {
      remedy: limited.remedy,
    })
  const within = Array.isArray(limited) ? new Set(limited) : null
  const found = plays.map((play): PlayOnHosts => {
    const names = selectHosts(play.hosts, inventory)
    if (!Array.isArray(names)) {
      if (play.hosts !== '')
        problems.add(
          names.unknown ? 'HOST_UNKNOWN' : 'PLAYBOOK_INVALID',
          `hosts of "${play.name}": ${names.problem}`,
          {
            at: play.hostsAt,
            remedy: names.remedy,
          },
        )
      return { play, hosts: [], beside: [] }
    }
    const left = names.filter((name) => within === null || within.has(name))
    if (left.length === 0 && problems.count === before) {
      const why =
        names.length === 0
          ? `"${play.hosts}" is no host of the inventory`
          : `--limit leaves none of its hosts`
      note(`${play.at.file}:${play.at.line}: the play "${play.name}" is skipped: ${why}`)
    }
    const hostOf = (name: string): Host => inventory.hosts.get(name)!
    const beside = names.filter((name) => !left.includes(name))
    return { play, hosts: left.map(hostOf), beside: beside.map(hostOf) }
  })
  const some = found.filter(({ hosts }) => hosts.length > 0)
  if (some.length === 0 && problems.count === before)
    problems.add('NO_HOSTS', nobody(plays, inventory, limit), {
      ...(plays[0] === undefined ? {} : { at: plays[0].hostsAt }),
      remedy: `Its hosts are: ${[...inventory.hosts.keys()].slice(0, 12).join(', ')}${inventory.hosts.size > 12 ? ', …' : ''}.`,
    })
  return some
}

function nobody(plays: readonly Play[], inventory: Inventory, limit: string | undefined): string {
  const patterns = [...new Set(plays.map((play) => play.hosts))].join('; ')
  return limit === undefined
    ? `no host of ${inventory.file} is in: ${patterns}`
    : `no host is both in: ${patterns}, and in --limit ${limit}`
}
