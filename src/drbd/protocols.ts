import { fine, refuse } from './verdict.ts'
import type { Verdict } from './verdict.ts'
import { isRefusal, newerThanKnown, releaseOf, rowFor, within } from './versions.ts'
import type { Release } from './versions.ts'

/** The protocols that a release speaks, from and to, both included. */
export type ProtocolRange = readonly [least: number, most: number]

interface Protocols {
  readonly from: string
  readonly ranges: readonly ProtocolRange[]
}

/** What 8.4 speaks; newer modules that gave up the first of DRBD 9 still speak it. */
const OLD: ProtocolRange = [86, 101]

/** What a module says in `/proc/drbd` and in the handshake: PRO_VERSION_MIN and PRO_VERSION_MAX of each release's sources. */
const PROTOCOLS: readonly Protocols[] = [
  { from: '8.4.0', ranges: [OLD] },
  { from: '9.0.0', ranges: [[86, 110]] },
  { from: '9.0.1', ranges: [[86, 111]] },
  { from: '9.0.4', ranges: [[86, 112]] },
  { from: '9.0.13', ranges: [[86, 113]] },
  { from: '9.0.15', ranges: [[86, 114]] },
  { from: '9.0.18', ranges: [[86, 115]] },
  { from: '9.0.21', ranges: [[86, 116]] },
  { from: '9.0.24', ranges: [[86, 117]] },
  { from: '9.0.26', ranges: [[86, 118]] },
  { from: '9.0.28', ranges: [[86, 119]] },
  { from: '9.0.29', ranges: [[86, 120]] },
  { from: '9.0.31', ranges: [[86, 121]] },
  { from: '9.1.0', ranges: [[110, 119]] },
  { from: '9.1.2', ranges: [[110, 120]] },
  { from: '9.1.4', ranges: [[110, 121]] },
  { from: '9.1.8', ranges: [[86, 121]] },
  { from: '9.1.23', ranges: [OLD, [118, 121]] },
  { from: '9.2.0', ranges: [[86, 121]] },
  { from: '9.2.3', ranges: [[86, 122]] },
  { from: '9.2.12', ranges: [OLD, [118, 122]] },
  { from: '9.2.14', ranges: [OLD, [118, 123]] },
  { from: '9.2.17', ranges: [OLD, [118, 124]] },
  { from: '9.3.0', ranges: [OLD, [118, 123]] },
  { from: '9.3.1', ranges: [OLD, [118, 124]] },
]

/** Which protocols a release of the module speaks. */
export function protocolsOf(module: string): Verdict<{ ranges: readonly ProtocolRange[] }> {
  const release = releaseOf('drbd', module)
  if (isRefusal(release)) return release
  return { ...fine(...newerThanKnown(release)), ranges: rangesOf(release) }
}

/**
 * Whether the modules of two peers can talk to one another, as they must while a cluster is updated node by node.
 * A pair that can not says `incompatible DRBD dialects` and gives the connection up.
 *
 * @returns the protocol that they agree on
 */
export function canTalk(one: string, other: string): Verdict<{ protocol: number }> {
  const [left, right] = [releaseOf('drbd', one), releaseOf('drbd', other)]
  if (isRefusal(left)) return left
  if (isRefusal(right)) return right
  // Each offers its highest; the lower of the two is taken, or nothing: a lower one is not tried after that.
  const protocol = Math.min(highest(left), highest(right))
  if (![left, right].every((release) => speaks(release, protocol))) {
    return refuse(`DRBD ${left.text} and DRBD ${right.text} can not talk to one another`, {
      expected: `protocol ${protocol}, the highest of the older one, on both`,
      seen: [left, right].map((release) => `DRBD ${release.text}: ${shown(rangesOf(release))}`).join('; '),
      remedy: wayRound(left, right),
    })
  }
  const warnings = [left, right].flatMap(newerThanKnown)
  if (isOld(left) !== isOld(right)) {
    warnings.push('DRBD 8.4 and DRBD 9 talk to one another where there are two nodes, not with more.')
  }
  return { ...fine(...new Set(warnings)), protocol }
}

const rangesOf = (release: Release): readonly ProtocolRange[] => rowFor(PROTOCOLS, release)!.ranges
const highest = (release: Release): number => Math.max(...rangesOf(release).map(([, most]) => most))
const speaks = (release: Release, protocol: number): boolean =>
  rangesOf(release).some(([least, most]) => least <= protocol && protocol <= most)
const shown = (ranges: readonly ProtocolRange[]): string =>
  ranges.map(([from, to]) => `${from}-${to}`).join(', ')
const isOld = (release: Release): boolean => within(release, '<9.0.0')

function wayRound(one: Release, other: Release): string {
  const first = [one, other].find((release) => within(release, '<9.0.26'))
  if (first !== undefined && !isOld(first)) {
    return 'Update every node to DRBD 9.0.32-1 first, one after the other; it talks to both. Then to the newer one.'
  }
  return 'Choose DRBD 9.1.8 or newer, or 9.2, for the newer side: 9.1.0 to 9.1.7 do not talk to 8.4.'
}
