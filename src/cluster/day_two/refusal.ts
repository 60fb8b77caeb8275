import { BringupError } from '../../errors.ts'
import type { Obstacle } from '../planned/may_leave.ts'
import { changeText } from './change.ts'
import type { Change } from './change.ts'

const WHAT_IS_RISKED = {
  outage: '--risk-outage (what is named stops, and its users notice)',
  'old data': '--risk-old-data (writes that only the other copy has may be lost)',
} as const

/** Pure: why a change is not made, and what can be done; an option that goes on is named where it would. */
export function refusal(change: Change, obstacles: readonly Obstacle[]): BringupError {
  const risks = new Set(obstacles.map(({ risk }) => risk))
  const options = [...risks].flatMap((risk) => (risk === null ? [] : [WHAT_IS_RISKED[risk]]))
  const escape =
    risks.has(null) || options.length === 0
      ? ''
      : ` Where you want it all the same: ${options.join(' and ')}.`
  return new BringupError('REFUSED', `${changeText(change)} is refused; nothing was changed`, {
    seen: obstacles.map(({ text }) => text).join('\n'),
    remedy: `Bring that into order first; bringup status tells how it is.${escape}`,
  })
}
