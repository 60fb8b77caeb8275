import { didYouMean } from '../nearest.ts'
import type { Inventory } from './inventory.ts'
import { expandRanges } from './ranges.ts'

type Names = Pick<Inventory, 'groups'> & { readonly hosts: ReadonlyMap<string, unknown> }

/** What is wrong with a pattern: `unknown` where a name in it is no host and no group. */
export interface PatternProblem {
  readonly problem: string
  readonly remedy: string
  readonly unknown: boolean
}

/**
 * Selects hosts as Ansible's patterns do: names of hosts and groups, `all` or `*`, globs (`web*`, `n?`, `n[13]`), a part
 * of a group (`cluster[0]`, `cluster[-1]`, `cluster[0:1]`, ends included), ranges of names (`server[1:3]`), joined with
 * `:` or `,`; then of these only those that are also in each `&term`; then without those in any `!term`.
 * @returns names in inventory order, whatever the order of the pattern
 */
export function selectHosts(pattern: string, inventory: Names): string[] | PatternProblem {
  const terms = splitTerms(pattern)
  if (terms.length === 0) return wrong('an empty pattern', 'Name hosts or groups, or "all".')
  const chosen = { '': new Set<string>(), '&': [] as Set<string>[], '!': new Set<string>() }
  let unions = 0
  for (const term of terms) {
    const sign = term.startsWith('!') ? '!' : term.startsWith('&') ? '&' : ''
    const names = hostsOf(term.slice(sign.length).trim(), inventory)
    if (!Array.isArray(names)) return names
    if (sign === '') unions += 1
    if (sign === '&') chosen['&'].push(new Set(names))
    else for (const name of names) chosen[sign].add(name)
  }
  return [...inventory.hosts.keys()].filter(
    (name) =>
      (unions === 0 || chosen[''].has(name)) &&
      chosen['&'].every((set) => set.has(name)) &&
      !chosen['!'].has(name),
  )
}

const wrong = (problem: string, remedy: string, unknown = false): PatternProblem => ({
  problem,
  remedy,
  unknown,
})

/** Splits at `:` and `,`, but not inside brackets, where `:` is part of a range. */
function splitTerms(pattern: string): string[] {
  return pattern
    .split(/[,:](?![^[\]]*\])/)
    .map((term) => term.trim())
    .filter((term) => term !== '')
}

function hostsOf(term: string, { hosts, groups }: Names): string[] | PatternProblem {
  if (term === 'all' || term === '*') return [...hosts.keys()]
  const group = groups.get(term)
  if (group !== undefined) return [...group]
  if (hosts.has(term)) return [term]
  const part = /^(.+)\[(-?(?:0|[1-9]\d*))(?:([:-])(-?(?:0|[1-9]\d*)|))?\]$/.exec(term)
  const whole = part === null ? undefined : groups.get(part[1]!)
  if (part !== null && whole !== undefined) return slice(whole, part)
  const names = /\[[^\]]+:[^\]]+\]/.test(term) ? expandRanges(term) : [term]
  if (!Array.isArray(names)) return wrong(`${term}: ${names.problem}`, 'Write ranges as server[1:9].')
  if (names.length > 1 || names[0] !== term) return known(names, { hosts, groups })
  if (/[*?[]/.test(term)) return globbed(term, { hosts, groups })
  return known([term], { hosts, groups })
}

function known(names: readonly string[], { hosts, groups }: Names): string[] | PatternProblem {
  const missing = names.find((name) => !hosts.has(name))
  if (missing === undefined) return [...names]
  const meant = didYouMean(missing, [...groups.keys(), ...hosts.keys()])
  const listed = [...groups.keys(), ...hosts.keys()].filter((name) => name !== 'ungrouped')
  const some = listed.length > 12 ? `${listed.slice(0, 12).join(', ')}, …` : listed.join(', ')
  const local = missing === 'localhost' ? ' For this machine, add a host with "connection: local".' : ''
  return wrong(
    `no host or group "${missing}"${meant}`,
    `The inventory has: ${some || 'nothing'}.${local}`,
    true,
  )
}

/** One member, or from one to another; counted from 0, or from the end with a minus. */
function slice(
  members: readonly string[],
  [, name, from, sign, to]: RegExpExecArray,
): string[] | PatternProblem {
  const first = Number(from)
  const last = sign === undefined ? first : to === '' ? members.length - 1 : Number(to)
  const at = (index: number): number => (index < 0 ? members.length + index : index)
  if (sign === undefined && members[at(first)] === undefined)
    return wrong(
      `"${name}" has ${members.length} hosts, so none is [${from}]`,
      'Count from 0, or from the end with [-1].',
    )
  return members.slice(Math.max(0, at(first)), at(last) + 1)
}

function globbed(term: string, { hosts, groups }: Names): string[] | PatternProblem {
  const matches = globMatcher(term)
  if (matches === null) return wrong(`${term}: a "[" without its "]"`, 'Close the bracket.')
  const inGroups = [...groups].filter(([name]) => matches(name)).flatMap(([, members]) => members)
  return [...inGroups, ...[...hosts.keys()].filter(matches)]
}

/** As fnmatch(3): `*`, `?`, `[abc]`, `[a-z]`, `[!a]`. Linear in the name, so that no pattern can stall. */
function globMatcher(glob: string): ((name: string) => boolean) | null {
  const tests: (((letter: string) => boolean) | '*')[] = []
  for (let at = 0; at < glob.length; at++) {
    const letter = glob[at]!
    if (letter === '*') tests.push('*')
    else if (letter === '?') tests.push(() => true)
    else if (letter === '[') {
      const close = glob.indexOf(']', at + 2)
      if (close < 0) return null
      tests.push(classTest(glob.slice(at + 1, close)))
      at = close
    } else tests.push((seen) => seen === letter)
  }
  return (name) => {
    // The positions in `tests` that can be reached, letter by letter.
    let reached = new Set([0])
    const spread = (positions: Set<number>): Set<number> => {
      for (const position of positions) if (tests[position] === '*') positions.add(position + 1)
      return positions
    }
    spread(reached)
    for (const letter of name) {
      const next = new Set<number>()
      for (const position of reached) {
        const test = tests[position]
        if (test === '*') next.add(position)
        else if (test?.(letter)) next.add(position + 1)
      }
      reached = spread(next)
    }
    return reached.has(tests.length)
  }
}

function classTest(body: string): (letter: string) => boolean {
  const negated = body.startsWith('!') || body.startsWith('^')
  const letters = negated ? body.slice(1) : body
  const spans: [string, string][] = []
  for (let at = 0; at < letters.length; at++) {
    const span = letters[at + 1] === '-' && letters[at + 2] !== undefined
    spans.push([letters[at]!, span ? letters[at + 2]! : letters[at]!])
    if (span) at += 2
  }
  return (letter) => spans.some(([from, to]) => from <= letter && letter <= to) !== negated
}
