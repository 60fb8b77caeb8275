import type { LongSuite } from './suites.ts'

/** A suite, and why it should run now; null: nothing speaks for it. */
export interface Candidate {
  readonly suite: LongSuite
  readonly due: string | null
}

export interface Decision {
  readonly suite: LongSuite
  readonly why: string
}

/** Each candidate is in one of them. */
export interface Choice {
  readonly chosen: readonly Decision[]
  readonly left: readonly Decision[]
}

/**
 * Those that are due, as far as they fit, and one other, all beginning with the one whose turn it is: so each of them is the
 * first within as many turns as there are suites. One that is longer than all the time there is never runs.
 *
 * @param turn a number that moves on by one from commit to commit
 * @param minutes for all of them together
 */
export function chooseSuites(
  candidates: readonly Candidate[],
  { turn, minutes }: { turn: number; minutes: number },
): Choice {
  const short = candidates.filter(({ suite }) => suite.minutes <= minutes)
  const first = short.length === 0 ? 0 : turn % short.length
  const inTurn = [...short.slice(first), ...short.slice(0, first)]
  const chosen: Decision[] = []
  const left: Decision[] = []
  const take = (suite: LongSuite, why: string): boolean => {
    if (sumOfMinutes(chosen) + suite.minutes > minutes) return false
    chosen.push({ suite, why })
    return true
  }
  for (const { suite, due } of inTurn)
    if (due !== null && !take(suite, due))
      left.push({ suite, why: `${due}, but there is no room for it in ${minutes} min` })
  let other = false
  for (const { suite, due } of inTurn) {
    if (due !== null) continue
    if (!other && take(suite, 'one other, in turn')) other = true
    else left.push({ suite, why: 'nothing that it is about changed' })
  }
  for (const { suite } of candidates.filter((one) => !short.includes(one)))
    left.push({ suite, why: `longer than the ${minutes} min that there are: only when asked for` })
  return { chosen, left }
}

export const sumOfMinutes = (decisions: readonly Decision[]): number =>
  decisions.reduce((sum, { suite }) => sum + suite.minutes, 0)
