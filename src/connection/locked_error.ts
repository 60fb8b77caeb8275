import { BringupError } from '../errors.ts'
import type { LockAnswer, RunningCommand } from './lock_answer.ts'
import { holderText } from './lock_claim.ts'

export interface Refusal {
  readonly node: string
  readonly answer: LockAnswer
}

/** What keeps the run from a host, without the host's name. */
export function refusalText(answer: LockAnswer): string {
  switch (answer.state) {
    case 'taken':
      return `locked by ${holderText(answer.holder)}`
    case 'busy':
      return `still busy for a run that has died: ${commandsText(answer.commands)}`
    default:
      return answer.state
  }
}

function commandsText(commands: readonly RunningCommand[]): string {
  const shown = commands.slice(0, SHOWN).map(({ pid, command }) => `process ${pid} (${command})`)
  return [...shown, ...(commands.length > SHOWN ? [`${commands.length - SHOWN} more`] : [])].join(', ')
}

/** A command's own come first, then what these have started. */
const SHOWN = 3

/** Pure: why the run can't have its hosts, and what can be done about it. @param begun whether it was at work already */
export function lockedError(refusals: readonly Refusal[], { begun }: { begun: boolean }): BringupError {
  const [first] = refusals
  const nodes = refusals.map(({ node }) => node).join(', ')
  const taken = refusals.some(({ answer }) => answer.state === 'taken')
  const what = taken
    ? `${nodes} ${refusals.length === 1 ? 'is' : 'are'} locked by another run`
    : `${nodes} ${refusals.length === 1 ? 'is' : 'are'} not free: commands of a run that has died have not ended`
  return new BringupError('LOCKED', begun ? what : `${what}; nothing was changed`, {
    ...(refusals.length === 1 && first !== undefined ? { host: first.node } : {}),
    seen: refusals.map(({ node, answer }) => `${node}: ${refusalText(answer)}`).join('\n'),
    remedy: remedyOf(refusals),
  })
}

function remedyOf(refusals: readonly Refusal[]): string {
  const free = refusals.flatMap(({ node, answer }) =>
    answer.state === 'taken' && answer.end !== '' ? [`\`kill ${answer.end}\` on ${node}`] : [],
  )
  const end = refusals.flatMap(({ node, answer }) =>
    answer.state === 'busy' ? [`\`kill ${answer.commands.map(({ pid }) => pid).join(' ')}\` on ${node}`] : [],
  )
  return [
    'Run again when it has ended, or wait longer for it with --wait SECONDS.',
    ...(free.length === 0
      ? []
      : [`If its controller is gone for good (a power cut), this frees the lock: ${free.join(', ')}.`]),
    ...(end.length === 0
      ? []
      : [`If what is left of it hangs, this ends it, its work half done: ${end.join(', ')}.`]),
  ].join(' ')
}
