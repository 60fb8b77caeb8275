import type { PlayOutline } from './events.ts'

export interface Difference {
  readonly what: string
  readonly expected: string
  readonly seen: string
}

/** Pure: the first way in which two runs are not the same plays, roles and hosts; null where they are. */
export function otherSelection(then: readonly PlayOutline[], now: readonly PlayOutline[]): Difference | null {
  if (then.length !== now.length) return different('its plays', namesOf(then), namesOf(now))
  for (const [index, before] of then.entries()) {
    const play = now[index]!
    const where = `the play "${play.name}"`
    if (!same(before.roles, play.roles)) return different(`the roles of ${where}`, before.roles, play.roles)
    if (before.batches === undefined || before.varsDigests === undefined)
      return different('its journal', ['what a run can be resumed by'], ['that of an earlier bringup'])
    if (!same(before.hosts, play.hosts)) return different(`the hosts of ${where}`, before.hosts, play.hosts)
    const [batches, others] = [textsOf(before.batches), textsOf(play.batches ?? [])]
    if (!same(batches, others)) return different(`the batches of ${where}`, batches, others)
  }
  return null
}

const different = (what: string, expected: readonly string[], seen: readonly string[]): Difference => ({
  what,
  expected: expected.join(', '),
  seen: seen.join(', '),
})

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index])

const namesOf = (plays: readonly PlayOutline[]): string[] => plays.map(({ name }) => name)
const textsOf = (batches: readonly (readonly string[])[]): string[] => batches.map((hosts) => hosts.join(' '))
