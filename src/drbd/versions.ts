import semver from 'semver'
import { refuse } from './verdict.ts'
import type { Refusal } from './verdict.ts'

/** The tarballs that LINBIT releases: the kernel module and what commands it. */
export type Product = 'drbd' | 'drbd-utils'

export interface Release {
  readonly product: Product
  /** For semver: `9.0.19`. */
  readonly version: string
  /** `9.0`: what is maintained together. */
  readonly series: string
  /** The packaging number that module releases up to 9.0 carry: `1` of `9.0.19-1`; else null. */
  readonly packaging: string | null
  /** As it was written, and as the tarball's name has it: `9.0.19-1`. */
  readonly text: string
}

/** The newest of each series that the rules here were written with, as their tarballs are named. */
const NEWEST: Record<Product, readonly string[]> = {
  drbd: ['8.4.11', '9.0.32-1', '9.1.23', '9.2.19', '9.3.3'],
  'drbd-utils': ['9.34.0'],
}

/** The tools for DRBD 9 began as 8.9; older ones came inside of the module's tarball. */
const OLDEST: Record<Product, string> = { drbd: '8.4.0', 'drbd-utils': '8.9.4' }

/**
 * A version as people and tarballs write it: `9.2.14`, `9.0.19-1`.
 * Release candidates are refused: what they write to disks and wires may differ from what was released.
 */
export function releaseOf(product: Product, written: string): Release | Refusal {
  const text = written.trim()
  const [, version, packaging = null] =
    /^((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2})(?:-(\d+))?$/.exec(text) ?? []
  const example = product === 'drbd' ? '9.2.14, or 9.0.19-1' : '9.22.0'
  if (version === undefined || semver.valid(version) === null) {
    return refuse(`"${written}" is not a release of ${product}`, {
      expected: `three numbers, as ${example}`,
      seen: written === '' ? 'nothing' : written,
      remedy: `Write the version as the tarball's name has it: ${example}.`,
    })
  }
  if (semver.lt(version, OLDEST[product])) {
    return refuse(`${product} ${text} is older than any that is supported`, {
      expected: `${OLDEST[product]} or newer`,
      seen: text,
      remedy: `Choose a newer release; the newest known is ${NEWEST[product].at(-1)}.`,
    })
  }
  const { major, minor } = semver.parse(version)!
  return { product, version, packaging, series: `${major}.${minor}`, text }
}

export const isRefusal = (value: object): value is Refusal => 'refused' in value

/** What to tell about a release that is newer than these rules; nothing else. */
export function newerThanKnown({ product, version, series, text }: Release): string[] {
  const ofSeries = NEWEST[product].find((known) => known.startsWith(`${series}.`))
  const newest = ofSeries ?? NEWEST[product].at(-1)!
  // The packaging number would be a candidate's to semver.
  if (semver.lte(version, newest.replace(/-.*/, ''))) return []
  return [
    `${product} ${text} is newer than ${newest}, the newest that is known here: what held for that one is taken to hold.`,
  ]
}

/** The newest release known of a series: `9.0` gives `9.0.32-1`. */
export const newestOf = (series: string): string | undefined =>
  NEWEST.drbd.find((known) => known.startsWith(`${series}.`))

export const atLeast = ({ version }: Release, least: string): boolean => semver.gte(version, least)

/** Whether a release lies in a range in semver's words: `>=9.1.0 <9.1.8`. */
export const within = ({ version }: Release, range: string): boolean => semver.satisfies(version, range)

/** Of rows that each hold from a version on, in rising order: the one that holds for this release. */
export function rowFor<Row extends { readonly from: string }>(
  rows: readonly Row[],
  release: Release,
): Row | undefined {
  return rows.findLast((row) => atLeast(release, row.from))
}
